/** Where a host takes its orders. */
export const ordersMailbox = (host: string): string => `nova-compute.${host}`

/** Where agents say that their hosts are there, and what guests they have. */
export const hostsMailbox = 'nova-hosts'

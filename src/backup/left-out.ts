/** The first word of a table's name says whose it is; tables of anybody else in the same database are left alone. */
const owners = new Set(['kernel', 'keystone', 'glance', 'placement', 'neutron', 'nova'])

/** Whether this table is one of a cloud. */
export const isOurs = (table: string): boolean => owners.has(table.split('_', 1)[0]!)

/** Tables that are in no archive, and why. Everything else that the database really has is. */
export const leftOut: Readonly<Record<string, string>> = {
  kernel_messages:
    'Orders and reports on their way belong to hosts and processes of that moment; sagas give their orders again. A queue elsewhere is not in the database either.',
  kernel_kept_messages: 'Orders on their way to hosts, while the queue was away: like those in the queue, they are given again.',
  keystone_key_holders: 'Says which processes hold which keys. Those processes are gone; new ones say it anew.',
}

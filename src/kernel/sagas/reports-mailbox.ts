/** The mailbox in which hosts leave their reports. Apart from the worker, since hosts, which have no SQL, need it too. */
export const reportsMailbox = 'reports'

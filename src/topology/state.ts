/** Where a piece of state lives: a service of services.ts, the files that each host is given, each instance for itself, or nowhere. */
export type StateHome = 'database' | 'message-queue' | 'image-store' | 'nova-compute' | 'balancer' | 'files' | 'memory' | 'nowhere'

export interface StateEntry {
  readonly name: string
  readonly home: StateHome
  /** Where exactly: one sentence. */
  readonly where: string
  /** What that makes of it when something dies: one sentence. */
  readonly consequence: string
}

/** Every piece of state that a highly available cloud must account for, also those that Skykeel does not have. */
export const state: readonly StateEntry[] = [
  {
    name: 'resources',
    home: 'database',
    where: 'Servers, networks, images, users and all else are rows of one database.',
    consequence: 'What was answered with 2xx has committed, and is as safe as the database.',
  },
  {
    name: 'accepted work',
    home: 'database',
    where: 'A saga is a row that commits with the 202, with its step, its results and its deadline.',
    consequence: 'When a worker dies, its claim ends by itself and another one goes on with the same step.',
  },
  {
    name: 'claims, leases, leaders',
    home: 'database',
    where: "A claim is a number in the row that it is about, and it ends on the database's clock; there is no leader and no lock service.",
    consequence: 'There is nothing to elect and nothing to fence by hand: a late worker changes nothing, since the number has moved on.',
  },
  {
    name: 'idempotency keys and stored answers',
    home: 'database',
    where: 'Key and sealed answer commit with the change that they belong to, and stay for 24 hours.',
    consequence: 'A repeated request gets the first answer from any instance, also after a failover.',
  },
  {
    name: 'token (Fernet) keys',
    home: 'database',
    where: 'Keys are rows, sealed by the secret of the cloud; there is no key repository on any host.',
    consequence: 'Hosts are never out of step: a key signs only when every live instance has said that it holds it.',
  },
  {
    name: 'tokens',
    home: 'nowhere',
    where: 'A token carries what it says in itself, and issuing one writes no row.',
    consequence: 'There is nothing to replicate; any instance with the keys reads it.',
  },
  {
    name: 'token revocations',
    home: 'database',
    where: 'A revoked token is a row; a new password counts up a number that all earlier tokens carry.',
    consequence: 'Every instance refuses it within a second, since none remembers an answer for longer than half of one.',
  },
  {
    name: 'keys that seal credentials',
    home: 'files',
    where: 'They are derived from the secret of the cloud, which every controller has in its configuration.',
    consequence: 'Keep a copy of that secret elsewhere: without it credentials, token keys and stored answers can not be opened.',
  },
  {
    name: 'caches',
    home: 'memory',
    where: 'Each instance remembers for itself, briefly and within bounds; there is no memcached.',
    consequence: 'A cold cache is slower and nothing else, so nothing needs to be made available.',
  },
  {
    name: 'dashboard sessions',
    home: 'nowhere',
    where: 'There is no dashboard yet.',
    consequence: 'Nothing to lose.',
  },
  {
    name: 'bytes of images',
    home: 'image-store',
    where: 'One file for each image, in a folder or bucket that all instances share; a file is whole or not there, and never changes.',
    consequence: 'They are as available as that filesystem or that service, which Skykeel does not provide.',
  },
  {
    name: 'staged imports',
    home: 'image-store',
    where: 'Staged bytes are written to the same place, and importing them changes only a status.',
    consequence: 'Any instance can import what another one staged; unfinished files are removed after a day.',
  },
  {
    name: 'guests and their disks',
    home: 'nova-compute',
    where: 'Guests are on the host that built them, and simulated so far.',
    consequence: 'They outlive the agent but not the host, and nobody starts them elsewhere.',
  },
  {
    name: 'orders that a host has carried out',
    home: 'nova-compute',
    where: 'The agent notes each order in a ledger on its host, before it begins and before it reports.',
    consequence: 'An order that comes twice is done once, also when the agent died in between.',
  },
  {
    name: 'identity of hosts',
    home: 'database',
    where: 'A host is known by its name; its id is in its row and in no file of the host.',
    consequence: 'A host that is installed anew under its old name is the same host.',
  },
  {
    name: 'heartbeats',
    home: 'database',
    where: "When a host was heard of last is in its row, on the database's clock.",
    consequence: 'Every scheduler sees the same, whatever the clocks of hosts say; a silence counts only while a conductor listens.',
  },
  {
    name: 'allocations of hosts',
    home: 'database',
    where: 'Placement has its tables in the same database, and a claim commits with the choice of the host.',
    consequence: 'No allocation is left without an owner by a death in between.',
  },
  {
    name: 'quota usage',
    home: 'database',
    where: 'What a project uses is counted in a row, in the transaction that uses it.',
    consequence: 'A limit holds under any number of instances, and is not counted again after a failover.',
  },
  {
    name: 'addresses of ports (IPAM)',
    home: 'database',
    where: 'Each address is a row whose key forbids a second one.',
    consequence: 'No address is given twice, even by instances that ask at the same moment.',
  },
  {
    name: 'bindings of ports, routers, floating IPs',
    home: 'database',
    where: 'They are rows; there are no network agents, no OVN and no connection tracking.',
    consequence: 'As safe as the database; no packet flows through Skykeel yet.',
  },
  {
    name: 'DHCP leases',
    home: 'nowhere',
    where: 'There is no DHCP server; the address that a guest should have is in the database.',
    consequence: 'Nothing to lose.',
  },
  {
    name: 'orders and reports on their way',
    home: 'message-queue',
    where: 'Queues with one mailbox for each host; the truth behind each message is a saga.',
    consequence:
      'A lost message is sent again, a doubled one changes nothing; while the queue is away the database keeps orders, and hosts fetch them.',
  },
  {
    name: 'definitions of queues',
    home: 'message-queue',
    where: 'Whoever sends or receives makes the queue that it needs.',
    consequence: 'An empty queue server is filled again without anybody; it needs a user and a vhost only.',
  },
  {
    name: 'messages that nobody could handle',
    home: 'message-queue',
    where: 'They are in `dead.<mailbox>` until someone takes them.',
    consequence: 'They go with the queue, if it is lost; the work behind them runs into its deadline.',
  },
  {
    name: 'console output',
    home: 'database',
    where: 'The last output that a host reported is a row; there are no interactive consoles.',
    consequence: 'It can be read from any instance, also while the host is away.',
  },
  {
    name: 'volumes, snapshots of volumes, object storage',
    home: 'nowhere',
    where: 'There is no block storage and no object storage.',
    consequence: 'Nothing to lose.',
  },
  {
    name: 'backups',
    home: 'files',
    where: '`skykeel backup` writes the whole cloud into one file, where it is told to.',
    consequence: 'Keep it on another machine: replicas outlive deaths, and only a backup outlives a mistake that all of them repeat.',
  },
  {
    name: 'audit',
    home: 'database',
    where: 'What was done to a server, by which request, is in its instance actions; no notifications are sent.',
    consequence: 'As safe as the database; the logs of processes stay on their hosts and go with them.',
  },
  {
    name: 'usage for billing',
    home: 'database',
    where: 'It is computed from the rows of servers, also of deleted ones, when it is asked for.',
    consequence: 'Nothing is missed while something is dead.',
  },
  {
    name: "owner of the cloud's address",
    home: 'balancer',
    where: 'keepalived on the balancers decides by itself, without a majority.',
    consequence: 'A parted network can show two owners for a while; nothing behind them relies on there being one.',
  },
  {
    name: 'TLS certificate of the front',
    home: 'files',
    where: 'A file on each balancer.',
    consequence: 'Renew it on all of them; one that was forgotten shows when the address moves there.',
  },
  {
    name: 'configuration and secrets of the deployment',
    home: 'files',
    where: 'skykeel.yaml, policy.yaml and the passwords of engines are files on each host, written from one topology.',
    consequence: 'Keep what they are written from elsewhere; a host is then set up again from it.',
  },
  {
    name: 'version of the schema',
    home: 'database',
    where: 'Which migrations were applied is a table, changed under a lock.',
    consequence: 'Any number of hosts may migrate at once: one does it, and the others find it done.',
  },
  {
    name: 'time',
    home: 'memory',
    where: "Leases use the database's clock; the end of a token is compared with the clock of the controller.",
    consequence: 'Clocks that differ by seconds end tokens seconds early or late and disturb nothing else; run an NTP client all the same.',
  },
]

import { etcdHosts, hostsWith, type Topology, type TopologyHost } from '../model.ts'
import { bitsOf } from '../networks.ts'
import { statelessHosts } from '../controllers.ts'
import type { Rendering } from './part.ts'
import { at, ports } from './ports.ts'

/** Patroni's configuration of one node, with all passwords. */
export function patroniConfig(
  topology: Topology,
  host: TopologyHost,
  { rendering: { layout, secretOf }, makeAccount }: { rendering: Rendering; makeAccount: string },
): string {
  const nearestFirst = etcdHosts(topology).toSorted((one, other) => Number(other === host) - Number(one === host))
  const etcds = nearestFirst.map(({ address }) => `'${at(address, ports.etcdClients)}'`)
  return `# Written by skykeel from the topology. Change that instead of this file.
scope: skykeel
name: ${host.name}

restapi:
  listen: '${at(host.address, ports.patroni)}'
  connect_address: '${at(host.address, ports.patroni)}'
  # Needed for what changes something; anybody may ask how it is.
  authentication:
    username: patroni
    password: ${secretOf('patroni api')}

# By etcd's second protocol, in which a node renews its lease only while it holds it. By the third one Patroni 3.0 writes it without a look: a
# primary that was frozen and wakes up takes the lease back, and what its successor has acknowledged meanwhile is lost.
etcd:
  hosts: [${etcds.join(', ')}]
  # It takes them as they stand here, its own first. Else it chooses by chance, and when one falls silent asks the others, and that one too, who
  # there is: seconds in which nobody replaces a synchronous standby on the host that was cut off.
  use_proxies: true

bootstrap:
  # Kept in etcd once the cluster is made: change it there with patronictl edit-config.
  dcs:
    # In seconds. A primary that vanished is replaced after ttl at most, and seconds later writes are back: while clients still wait. It must
    # not be below loop_wait + 2 * retry_timeout. (Later versions of Patroni take 20 for less.)
    ttl: 15
    # How soon it sees that a synchronous standby is gone, and chooses another, also hangs on this.
    loop_wait: 1
    retry_timeout: 5
    # A primary that crashed is not tried again first: a standby takes over at once.
    primary_start_timeout: 0
    primary_stop_timeout: 10
    # A commit is on two nodes before it is acknowledged, and only a node that has all of them becomes primary.
    synchronous_mode: true
    synchronous_node_count: 1
    # Without etcd the primary goes on while it reaches all other nodes.
    failsafe_mode: true
    maximum_lag_on_failover: 1048576
    postgresql:
      # An old primary joins again without a whole copy.
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 300
        max_wal_senders: 10
        max_replication_slots: 10
        max_prepared_transactions: 0
        wal_level: replica
        wal_log_hints: 'on'
        hot_standby: 'on'
        wal_keep_size: 256MB
        # Slots must not fill the disk while a node is away for long; it then gets a whole copy.
        max_slot_wal_keep_size: 4GB
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
  post_bootstrap: ${makeAccount}

postgresql:
  # Never all addresses: the floating one may be here too.
  listen: '${at(host.address, ports.postgresql)}'
  connect_address: '${at(host.address, ports.postgresql)}'
  bin_dir: /usr/lib/postgresql/15/bin
  data_dir: ${layout.lib}/patroni/data
  pgpass: ${layout.run}/patroni/pgpass
  use_unix_socket: true
  basebackup:
    # A whole copy begins at once, not with the next checkpoint minutes later.
    checkpoint: fast
  authentication:
    superuser:
      username: postgres
      password: ${secretOf('postgresql superuser')}
    replication:
      username: replicator
      password: ${secretOf('postgresql replication')}
    rewind:
      username: rewinder
      password: ${secretOf('postgresql rewind')}
  parameters:
    unix_socket_directories: ${layout.run}/patroni
    password_encryption: scram-sha-256
    shared_buffers: 256MB
    # A standby that froze holds up commits this long, then they go on without it.
    wal_sender_timeout: 2s
    wal_receiver_timeout: 6s
    # What a client held that vanished without a word is free again within seconds.
    tcp_keepalives_idle: 5
    tcp_keepalives_interval: 2
    tcp_keepalives_count: 3
    tcp_user_timeout: 10s
    idle_in_transaction_session_timeout: 30s
  pg_hba:
${hbaOf(topology)
  .map((rule) => `    - ${rule}`)
  .join('\n')}

watchdog:
  # A primary that lost its lease commits nothing, since its synchronous standby has left it. So no machine is reset.
  mode: 'off'
`
}

/** Who may connect as whom, from where: nobody else is let in. */
function hbaOf(topology: Topology): string[] {
  const from = ({ address }: TopologyHost) => `${address}/${bitsOf(address)} scram-sha-256`
  const databases = hostsWith(topology, 'database')
  // Where the database carries messages, agents are its clients too.
  const agents = topology.queue === 'database' ? hostsWith(topology, 'nova-compute') : []
  const clients = new Set([...statelessHosts(topology), ...agents])
  return [
    'local all all scram-sha-256',
    ...databases.flatMap((host) => [
      `host replication replicator ${from(host)}`,
      `host all postgres ${from(host)}`,
      `host all rewinder ${from(host)}`,
    ]),
    ...topology.hosts.filter((host) => clients.has(host)).map((host) => `host skykeel skykeel ${from(host)}`),
  ]
}

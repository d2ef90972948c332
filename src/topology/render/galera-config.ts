import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import type { Layout } from '../unit.ts'
import { at, bracketed, ports } from './ports.ts'

/** Where a Galera node keeps its things. */
export const galeraPaths = ({ etc, lib, run }: Layout) => ({
  defaultsFile: `${etc}/galera/my.cnf`,
  control: `${etc}/galera/galera.json`,
  dataDir: `${lib}/galera/data`,
  temporary: `${lib}/galera/tmp`,
  socket: `${run}/galera/mariadbd.sock`,
  pidFile: `${run}/galera/mariadbd.pid`,
})

/** How soon a silent node counts as gone: with the defaults every write waits six seconds when one dies, with these three. */
export const timeouts = [
  'evs.keepalive_period=PT0.5S',
  'evs.inactive_check_period=PT0.25S',
  'evs.suspect_timeout=PT2S',
  'evs.inactive_timeout=PT6S',
].join(';')

/** The defaults file of one node's mariadbd. It writes its log to its error output. */
export function galeraConfig(topology: Topology, host: TopologyHost, layout: Layout): string {
  const { dataDir, temporary, socket, pidFile } = galeraPaths(layout)
  const { address } = host
  const provider = [
    `gmcast.listen_addr=tcp://${at(address, ports.galera)}`,
    `ist.recv_addr=${at(address, ports.galeraIncremental)}`,
    timeouts,
    'gcache.size=256M',
    'pc.recovery=TRUE',
  ].join(';')
  const databases = hostsWith(topology, 'database')
  const nodes = databases.map((node) => bracketed(node.address))
  const donors = databases.toReversed().map(({ name }) => name)
  return `# Written by skykeel from the topology. Change that instead of this file.
[mariadbd]
datadir = ${dataDir}
tmpdir = ${temporary}
socket = ${socket}
pid_file = ${pidFile}
# Never all addresses: the floating one may be here too, and names are not looked up when a connection comes.
bind_address = ${address}
port = ${ports.mariadb}
skip_name_resolve = ON
max_connections = 500
character_set_server = utf8mb4
collation_server = utf8mb4_general_ci
innodb_buffer_pool_size = 256M
# A commit is on this node's disk before it is acknowledged. Anything else loses commits when all nodes lose power.
innodb_flush_log_at_trx_commit = 1
# What a client held that vanished without a word is free again after this many seconds.
idle_transaction_timeout = 30

# What Galera requires.
binlog_format = ROW
default_storage_engine = InnoDB
innodb_autoinc_lock_mode = 2

wsrep_on = ON
wsrep_provider = /usr/lib/galera/libgalera_smm.so
wsrep_cluster_name = skykeel
wsrep_cluster_address = gcomm://${nodes.join(',')}
wsrep_node_name = ${host.name}
wsrep_node_address = ${bracketed(address)}
wsrep_slave_threads = 4
wsrep_sst_method = rsync
# Who gives a new node its data takes no writes meanwhile. Controllers write to the first node, so it comes last here.
wsrep_sst_donor = ${donors.join(',')}
wsrep_sst_receive_address = ${at(address, ports.galeraCopy)}
# suspect_timeout: how long all writes wait when a node dies. gcache: how much a node may have missed and still catch
# up without a whole copy. pc.recovery: nodes that lost power together find each other again.
wsrep_provider_options = "${provider}"
`
}

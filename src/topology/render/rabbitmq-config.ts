import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import type { SecretOf } from '../unit.ts'
import { ports } from './ports.ts'

/** What a node of RabbitMQ is called among the others. */
export const rabbitName = ({ address }: TopologyHost): string => `rabbit@${address}`

/** How much must be free on a node's disk, in megabytes. */
export const neededMb = 500

/** The configuration of one node of RabbitMQ, with the password of the account that it makes. */
export function rabbitmqConfig(topology: Topology, host: TopologyHost, secretOf: SecretOf): string {
  const nodes = hostsWith(topology, 'message-queue')
  const names = nodes.map((node, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${rabbitName(node)}`)
  return `# Written by skykeel from the topology. Change that instead of this file.
# Never all addresses: the floating one may be here too.
listeners.tcp.1 = ${host.address}:${ports.amqp}

# The account that is made with an empty node; there is no guest.
default_user = skykeel
default_pass = ${secretOf('message queue')}
loopback_users = none

cluster_name = skykeel
cluster_formation.peer_discovery_backend = classic_config
${names.join('\n')}

# ${nodes.length > 2 ? 'The smaller side of a cut stops, so that no two sides take messages.' : 'Two nodes have no majority: after a cut one side gives up its messages, which are repeated.'}
cluster_partition_handling = ${nodes.length > 2 ? 'pause_minority' : 'autoheal'}
# In milliseconds. After a power cut nodes wait ten minutes for those that were there last, in whatever order they come back.
mnesia_table_loading_retry_timeout = 30000
mnesia_table_loading_retry_limit = 20

# Publishers wait rather than fill the disk or the memory, which other programs of this host use too.
disk_free_limit.absolute = ${neededMb}MB
vm_memory_high_watermark.relative = 0.3
# In seconds. A client that is silent for twice as long is gone.
heartbeat = 10

log.console = true
log.console.level = info
log.file = false
`
}

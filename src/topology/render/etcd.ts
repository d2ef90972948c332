import { etcdHosts, type Topology, type TopologyHost } from '../model.ts'
import type { Layout } from '../unit.ts'
import { open, type RenderPart, unitOf } from './part.ts'
import { at, ports } from './ports.ts'

/** etcd, where the PostgreSQL nodes agree on who is the primary. */
export const etcd: RenderPart = (topology, host, { layout }) => {
  if (!etcdHosts(topology).includes(host)) return undefined
  const file = `${layout.etc}/etcd/etcd.yaml`
  return {
    files: [open(file, configOf(topology, host, layout))],
    units: [
      unitOf({
        name: 'etcd',
        description: 'Where the database nodes agree on their primary',
        user: 'etcd',
        command: ['/usr/bin/etcd', '--config-file', file],
        folders: [`${layout.lib}/etcd`],
        ports: [
          { port: ports.etcdClients, protocol: 'tcp', openTo: 'peers', why: 'Patroni' },
          { port: ports.etcdPeers, protocol: 'tcp', openTo: 'peers', why: 'the other nodes of etcd' },
        ],
      }),
    ],
  }
}

function configOf(topology: Topology, host: TopologyHost, layout: Layout): string {
  const clients = `http://${at(host.address, ports.etcdClients)}`
  const peer = ({ address }: TopologyHost) => `http://${at(address, ports.etcdPeers)}`
  const cluster = etcdHosts(topology).map((node) => `${node.name}=${peer(node)}`)
  return `# Written by skykeel from the topology. Change that instead of this file.
name: ${host.name}
data-dir: ${layout.lib}/etcd/data
listen-client-urls: ${clients}
advertise-client-urls: ${clients}
listen-peer-urls: ${peer(host)}
initial-advertise-peer-urls: ${peer(host)}
# Read at the first start only; later members are those that etcd itself remembers.
initial-cluster: ${cluster.join(',')}
initial-cluster-state: new
initial-cluster-token: skykeel
# In milliseconds. Patroni asks three members within its retry_timeout: the first may lose what it is told with a leader that just vanished, the
# second must know another one already. At twice this a primary gave up, and with it the writer, because another host was cut off.
heartbeat-interval: 100
election-timeout: 1000
# Who comes back from being cut off asks first whether it is missed, and so deposes nobody.
pre-vote: true
# Patroni's protocol, which is off by default; its configuration says why it is this one.
enable-v2: true
# Old revisions are of no use to anybody; without this etcd fills up and stops.
auto-compaction-mode: periodic
auto-compaction-retention: 1h
quota-backend-bytes: 268435456
logger: zap
log-level: warn
`
}

import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import { galeraConfig, galeraPaths, timeouts } from './galera-config.ts'
import { closed, open, othersThan, type Part, type RenderPart, type Rendering, unitOf } from './part.ts'
import { at, ports } from './ports.ts'

/** A node of MariaDB Galera in the care of a keeper, or a vote without data. */
export const galera: RenderPart = (topology, host, rendering) => {
  if (topology.database !== 'galera') return undefined
  if (hostsWith(topology, 'database').includes(host)) return node(topology, host, rendering)
  return hostsWith(topology, 'arbitrator').includes(host) ? arbitrator(topology, host, rendering) : undefined
}

function node(topology: Topology, host: TopologyHost, { layout, secretOf }: Rendering): Part {
  const paths = galeraPaths(layout)
  const control = {
    name: host.name,
    address: host.address,
    checkPort: ports.galeraCheck,
    peers: othersThan(host, hostsWith(topology, 'database')).map(({ name, address }) => ({ name, address })),
    defaultsFile: paths.defaultsFile,
    dataDir: paths.dataDir,
    socket: paths.socket,
    mariadbd: '/usr/sbin/mariadbd',
    installDb: '/usr/bin/mariadb-install-db',
    user: 'skykeel',
    password: secretOf('database'),
    database: 'skykeel',
  }
  return {
    files: [
      open(paths.defaultsFile, galeraConfig(topology, host, layout)),
      closed(paths.control, 'mysql', `${JSON.stringify(control, null, 2)}\n`),
    ],
    units: [
      unitOf({
        name: 'galera',
        description: 'MariaDB as a node of the Galera cluster, and its keeper',
        user: 'mysql',
        command: [layout.skykeel, 'serve', 'galera', '--control', paths.control],
        // InnoDB writes what it holds in memory.
        stopSeconds: 120,
        folders: [`${layout.lib}/galera`, paths.temporary, `${layout.run}/galera`],
        ports: [
          { port: ports.mariadb, protocol: 'tcp', openTo: 'peers', why: 'SQL' },
          ...replication,
          { port: ports.galeraIncremental, protocol: 'tcp', openTo: 'peers', why: 'missing writes for a node that was away' },
          { port: ports.galeraCopy, protocol: 'tcp', openTo: 'peers', why: 'a whole copy for a new node' },
          { port: ports.galeraCheck, protocol: 'tcp', openTo: 'peers', why: 'whether this node can be used, and how far its data goes' },
        ],
      }),
    ],
  }
}

const replication = [
  { port: ports.galera, protocol: 'tcp', openTo: 'peers', why: 'replication' },
  { port: ports.galera, protocol: 'udp', openTo: 'peers', why: 'replication by multicast, where somebody turns it on' },
] as const

function arbitrator(topology: Topology, host: TopologyHost, { layout }: Rendering): Part {
  const file = `${layout.etc}/galera/garbd.cnf`
  const nodes = hostsWith(topology, 'database').map(({ address }) => at(address, ports.galera))
  const config = `# Written by skykeel from the topology. A vote without data: two nodes of three votes stay a majority.
group = skykeel
name = ${host.name}
address = gcomm://${nodes.join(',')}
options = gmcast.listen_addr=tcp://${at(host.address, ports.galera)};${timeouts}
`
  return {
    files: [open(file, config)],
    units: [
      unitOf({
        name: 'garbd',
        description: 'A vote in the Galera cluster',
        user: 'skykeel',
        command: ['/usr/bin/garbd', '--cfg', file],
        ports: replication,
      }),
    ],
  }
}

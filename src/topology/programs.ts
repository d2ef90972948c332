import { statelessRoles } from './controllers.ts'
import { etcdHosts, hostsWith, type HostRole, type Topology, type TopologyHost } from './model.ts'
import { controllerRoles } from './services.ts'

/** A program of a host, named as its unit is. */
export type Program = 'controller' | 'haproxy' | 'keepalived' | 'galera' | 'garbd' | 'patroni' | 'etcd' | 'rabbitmq' | 'nova-compute'

const runs: readonly { readonly program: Program; readonly on: (topology: Topology) => readonly TopologyHost[] }[] = [
  { program: 'haproxy', on: (topology) => hostsWith(topology, 'balancer') },
  { program: 'keepalived', on: (topology) => (addressFloats(topology) ? hostsWith(topology, 'balancer') : []) },
  { program: 'controller', on: ({ hosts }) => hosts.filter((host) => statelessRoles(host).length > 0) },
  { program: 'galera', on: (topology) => (topology.database === 'galera' ? hostsWith(topology, 'database') : []) },
  { program: 'garbd', on: (topology) => (topology.database === 'galera' ? hostsWith(topology, 'arbitrator') : []) },
  { program: 'patroni', on: (topology) => (topology.database === 'patroni' ? hostsWith(topology, 'database') : []) },
  { program: 'etcd', on: etcdHosts },
  { program: 'rabbitmq', on: (topology) => (topology.queue === 'rabbitmq' ? hostsWith(topology, 'message-queue') : []) },
  { program: 'nova-compute', on: (topology) => hostsWith(topology, 'nova-compute') },
]

/** Whether keepalived moves the address: a single balancer has nobody to hand it to. */
export const addressFloats = (topology: Topology): boolean => hostsWith(topology, 'balancer').length > 1

/** The hosts that run a program, in the topology's order. */
export const hostsRunning = (topology: Topology, program: Program): readonly TopologyHost[] =>
  runs.find((one) => one.program === program)!.on(topology)

/** The programs of a host, the front first. */
export const programsOf = (topology: Topology, host: TopologyHost): readonly Program[] =>
  runs.filter(({ on }) => on(topology).includes(host)).map(({ program }) => program)

/** The hosts that play a stateless role, by name or as controllers. */
export const hostsPlaying = (topology: Topology, role: HostRole): readonly TopologyHost[] =>
  topology.hosts.filter(({ roles }) => roles.includes(role) || (roles.includes('controller') && controllerRoles.includes(role)))

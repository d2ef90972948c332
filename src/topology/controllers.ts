import type { HostRole, Topology, TopologyHost } from './model.ts'
import { controllerRoles } from './services.ts'

const isStateless = (role: HostRole): boolean => role === 'controller' || controllerRoles.includes(role)

/** The hosts that run any stateless role: these need the database, the queue and the cloud's secret. */
export const statelessHosts = (topology: Topology): readonly TopologyHost[] => topology.hosts.filter(({ roles }) => roles.some(isStateless))

/** The hosts behind the balancers: those that serve APIs. */
export const controllersOf = (topology: Topology): readonly TopologyHost[] =>
  topology.hosts.filter(({ roles }) => roles.some((role) => role === 'controller' || role.endsWith('-api')))

/** What `skykeel serve` is to play on this host. */
export const statelessRoles = ({ roles }: TopologyHost): readonly HostRole[] =>
  roles.includes('controller') ? ['controller'] : roles.filter(isStateless)

/** Stateless: killing any instance at any instant loses no acknowledged request, changes no later answer, and needs no clean-up by it. */
export type ServiceClass = 'stateless' | 'stateful'

export interface ServiceEntry {
  /** The role's name, as OpenStack calls the process. */
  readonly name: string
  readonly class: ServiceClass
  /** How it is made available. */
  readonly availability: string
  /** What is lost, or waits, without it. */
  readonly state?: string
  /** Its API, where it has one. */
  readonly api?: { readonly type: string; readonly service: string; readonly prefix: string; readonly port: number; readonly path: string }
}

const replicas = 'any number of instances behind the balancer, active/active, no sticky sessions'
const workers = "any number of instances competing for work; a dead one's work is taken over"

/** The one list of what a cloud consists of. Processes, health, the catalog, the CLI and generated files derive from it. */
export const services = [
  {
    name: 'keystone-api',
    class: 'stateless',
    availability: replicas,
    api: { type: 'identity', service: 'keystone', prefix: '/identity', port: 5000, path: '' },
  },
  {
    name: 'glance-api',
    class: 'stateless',
    availability: replicas,
    api: { type: 'image', service: 'glance', prefix: '/image', port: 9292, path: '' },
  },
  {
    name: 'placement-api',
    class: 'stateless',
    availability: replicas,
    api: { type: 'placement', service: 'placement', prefix: '/placement', port: 8778, path: '' },
  },
  {
    name: 'neutron-api',
    class: 'stateless',
    availability: replicas,
    api: { type: 'network', service: 'neutron', prefix: '/networking', port: 9696, path: '' },
  },
  {
    name: 'nova-api',
    class: 'stateless',
    availability: replicas,
    api: { type: 'compute', service: 'nova', prefix: '/compute', port: 8774, path: '/v2.1' },
  },
  { name: 'nova-conductor', class: 'stateless', availability: workers },
  { name: 'nova-scheduler', class: 'stateless', availability: workers },
  {
    name: 'database',
    class: 'stateful',
    availability: 'PostgreSQL primary/standby with automatic failover, or MariaDB Galera; embedded: one PostgreSQL, restarted when it dies',
    state: 'everything that was accepted',
  },
  {
    name: 'message-queue',
    class: 'stateful',
    availability: 'RabbitMQ cluster with quorum queues; embedded: on the embedded database',
    state: 'orders to hosts and their reports, which are repeated until confirmed',
  },
  { name: 'image-store', class: 'stateful', availability: 'a shared filesystem; embedded: a folder', state: 'the bytes of images' },
  { name: 'nova-compute', class: 'stateful', availability: 'one per host; guests survive its restart', state: 'guests' },
] as const satisfies readonly ServiceEntry[]

export type RoleName = (typeof services)[number]['name']

/** The roles that a controller plays by default: all that is stateless. */
export const controllerRoles: readonly string[] = services.filter((entry) => entry.class === 'stateless').map((entry) => entry.name)

/** Where the API of this role lives. Throws for a role that has none. */
export function apiOf(role: string): {
  readonly type: string
  readonly service: string
  readonly prefix: string
  readonly port: number
  readonly path: string
} {
  const entry: ServiceEntry | undefined = services.find(({ name }) => name === role)
  if (!entry?.api) throw new Error(`${role} has no API`)
  return entry.api
}

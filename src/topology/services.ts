/** Stateless: killing any instance at any instant loses no acknowledged request, changes no later answer, and needs no clean-up by it. */
export type ServiceClass = 'stateless' | 'stateful'

/** Whether all instances work at once, or one at a time; a host's own is neither. */
export type ServiceMode = 'active/active' | 'active/passive' | 'active/active or active/passive' | 'one per host'

export interface ServiceEntry {
  /** The role's name, as OpenStack calls the process. */
  readonly name: string
  readonly class: ServiceClass
  /** Why it is of this class: one sentence. */
  readonly why: string
  readonly mode: ServiceMode
  /** How it is made available. */
  readonly availability: string
  /** What is lost, or waits, without it. */
  readonly state?: string
  /** Its API, where it has one. */
  readonly api?: { readonly type: string; readonly service: string; readonly prefix: string; readonly port: number; readonly path: string }
}

const replicas = 'any number of instances behind the balancer, active/active, no sticky sessions'
const workers = "any number of instances competing for work; a dead one's work is taken over"
const changesCommit = 'An answer is sent after its one transaction has committed, and a repeat gets the same answer from the database.'

/** The one list of what a cloud consists of. Processes, health, the catalog, the CLI and generated files derive from it. */
export const services = [
  {
    name: 'keystone-api',
    class: 'stateless',
    why: 'Token keys and revocations are in the database; what an instance remembers of a token is half a second old at most.',
    mode: 'active/active',
    availability: replicas,
    api: { type: 'identity', service: 'keystone', prefix: '/identity', port: 5000, path: '' },
  },
  {
    name: 'glance-api',
    class: 'stateless',
    why: 'Bytes, staged ones too, are in a folder that all instances share; an upload counts once its transaction has committed.',
    mode: 'active/active',
    availability: replicas,
    api: { type: 'image', service: 'glance', prefix: '/image', port: 9292, path: '' },
  },
  {
    name: 'placement-api',
    class: 'stateless',
    why: changesCommit,
    mode: 'active/active',
    availability: replicas,
    api: { type: 'placement', service: 'placement', prefix: '/placement', port: 8778, path: '' },
  },
  {
    name: 'neutron-api',
    class: 'stateless',
    why: changesCommit,
    mode: 'active/active',
    availability: replicas,
    api: { type: 'network', service: 'neutron', prefix: '/networking', port: 9696, path: '' },
  },
  {
    name: 'nova-api',
    class: 'stateless',
    why: changesCommit,
    mode: 'active/active',
    availability: replicas,
    api: { type: 'compute', service: 'nova', prefix: '/compute', port: 8774, path: '/v2.1' },
  },
  {
    name: 'nova-conductor',
    class: 'stateless',
    why: 'Work is a row that is claimed for seconds at a time; messages are acknowledged after the commit, not before the work.',
    mode: 'active/active',
    availability: workers,
  },
  {
    name: 'nova-scheduler',
    class: 'stateless',
    why: 'What hosts have is read from the database for each choice, and the claim that follows is a part of the same transaction.',
    mode: 'active/active',
    availability: workers,
  },
  {
    name: 'balancer',
    class: 'stateful',
    why: 'It keeps nothing of a request, but one of several must own the address that clients know.',
    mode: 'active/passive',
    availability: 'HAProxy on two hosts or more, keepalived moves the address; embedded: one, restarted when it dies',
    state: "who owns the cloud's address",
  },
  {
    name: 'database',
    class: 'stateful',
    why: 'It is the only truth: every other service may die because this one remembers.',
    mode: 'active/active or active/passive',
    availability: 'PostgreSQL primary/standby with automatic failover, or MariaDB Galera; embedded: one PostgreSQL, restarted when it dies',
    state: 'everything that was accepted',
  },
  {
    name: 'message-queue',
    class: 'stateful',
    why: 'It holds what was sent and not yet taken; without it hosts fetch from controllers what the database keeps for them.',
    mode: 'active/active',
    availability: 'RabbitMQ cluster with quorum queues; embedded: on the embedded database',
    state: 'orders to hosts and their reports, which are repeated until confirmed',
  },
  {
    name: 'image-store',
    class: 'stateful',
    why: 'Bytes are too many for a database; files never change, so instances need not agree on anything but their names.',
    mode: 'active/active',
    availability: 'a shared filesystem, or a bucket of a service that speaks S3; embedded: a folder',
    state: 'the bytes of images',
  },
  {
    name: 'nova-compute',
    class: 'stateful',
    why: 'Guests and their disks are on its host and nowhere else.',
    mode: 'one per host',
    availability: 'one per host; guests survive its restart',
    state: 'guests',
  },
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

/** What a host of a topology may be for. A controller plays every stateless role unless single ones are named. */
export type HostRole =
  | 'controller'
  | 'keystone-api'
  | 'glance-api'
  | 'placement-api'
  | 'neutron-api'
  | 'nova-api'
  | 'nova-conductor'
  | 'nova-scheduler'
  /** HAProxy, and keepalived for the floating address. */
  | 'balancer'
  /** A node of the SQL database. With Patroni an etcd runs beside it unless hosts with role `etcd` are named. */
  | 'database'
  | 'etcd'
  /** A vote in a Galera cluster without data. */
  | 'arbitrator'
  | 'message-queue'
  | 'nova-compute'

export interface TopologyHost {
  readonly name: string
  /** The address at which its peers reach it. */
  readonly address: string
  /** What it shares its fate with: a rack, a room, a power line. */
  readonly zone?: string
  readonly roles: readonly HostRole[]
  /** The network interface that carries `address`, and the floating address while it is here. */
  readonly interface: string
}

/** Who keeps the SQL database: `external` is somebody else's, found by `database` of the settings. */
export type DatabaseKind = 'galera' | 'patroni' | 'external'
/** Who carries messages: `database` means the SQL database, which only PostgreSQL can. */
export type QueueKind = 'rabbitmq' | 'database' | 'external'

/** A cloud on several machines: the `topology` section of skykeel.yaml, with every default filled in. */
export interface Topology {
  /** Where clients reach the cloud. With keepalived it floats between balancers. */
  readonly address: string
  /** Bits of the network that `address` is in. */
  readonly prefix: number
  readonly port: number
  /** The port of each controller behind the balancers. */
  readonly controllerPort: number
  readonly region: string
  readonly database: DatabaseKind
  readonly queue: QueueKind
  /** TLS at the front: none, a certificate that is there already, or one of a private authority that `skykeel render` helps to make. */
  readonly tls: { readonly kind: 'none' } | { readonly kind: 'files'; readonly certificate: string } | { readonly kind: 'private' }
  /** Where every controller finds the bytes of images: a folder on a filesystem that they share, or the bucket that its settings name. */
  readonly images: { readonly folder?: string; readonly shared: boolean }
  readonly hosts: readonly TopologyHost[]
  /** What every controller's file says beside what follows from the topology. */
  readonly controllerSettings?: ControllerSettings
}

/** Settings by their keys in the configuration file. */
export type ControllerSettings = Readonly<Record<string, string | number | boolean>>

/** The hosts that play a role. */
export const hostsWith = (topology: Topology, role: HostRole): readonly TopologyHost[] =>
  topology.hosts.filter((host) => host.roles.includes(role))

/** The hosts that run an etcd: those named, or those of the database where Patroni keeps it. */
export function etcdHosts(topology: Topology): readonly TopologyHost[] {
  if (topology.database !== 'patroni') return []
  const named = hostsWith(topology, 'etcd')
  return named.length > 0 ? named : hostsWith(topology, 'database')
}

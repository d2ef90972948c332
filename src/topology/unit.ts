/** A file that a host needs, as text. Paths are absolute. */
export interface RenderedFile {
  readonly path: string
  readonly text: string
  /** Octal permissions; 0o644 where nothing is secret. */
  readonly mode: number
  /** Who owns it; root when not said. Secrets belong to the user who reads them. */
  readonly owner?: string
}

/** A port on which a unit listens, and for whom. Firewall rules derive from it. */
export interface UnitPort {
  readonly port: number
  readonly protocol: 'tcp' | 'udp' | 'vrrp'
  /** `clients`: anybody; `peers`: hosts of the topology; `local`: this host. */
  readonly openTo: 'clients' | 'peers' | 'local'
  readonly why: string
}

/** A program that a host shall always run, as data: systemd's units are written from it, and a lab runs it directly. */
export interface Unit {
  readonly name: string
  readonly description: string
  /** Units of the same host that start before. */
  readonly after: readonly string[]
  readonly user: string
  /** Run to their end, in turn, before each start. */
  readonly before: readonly (readonly string[])[]
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Ends it in order; after `stopSeconds` it is killed. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGUSR1'
  readonly stopSeconds: number
  /** How long it stays away when it ends by itself, before it is started again. */
  readonly restartSeconds: number
  /** What it has started lives on when it dies, and is taken over by its next life; as Patroni does with PostgreSQL. */
  readonly leavesChildren?: boolean
  /** Folders that it may write: made before it starts, its user's own. */
  readonly folders: readonly string[]
  /** Linux capabilities that it needs, such as CAP_NET_ADMIN; most need none. */
  readonly capabilities: readonly string[]
  readonly ports: readonly UnitPort[]
}

/** Where a host keeps things: systemd's machines all alike, each host of a lab in a folder of its own. */
export interface Layout {
  /** Configuration. */
  readonly etc: string
  /** Data that must survive. */
  readonly lib: string
  /** Sockets and the like, gone after a reboot. */
  readonly run: string
  readonly log: string
  /** The command `skykeel`. */
  readonly skykeel: string
}

/** Everything that one host of a topology is given. */
export interface HostPlan {
  readonly host: string
  readonly units: readonly Unit[]
  readonly files: readonly RenderedFile[]
}

/** Secrets that the parts of a cloud share, by purpose: the same each time for the same cloud, unlike between purposes. */
export type SecretOf = (purpose: string) => string

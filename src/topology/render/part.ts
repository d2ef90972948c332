import type { Topology, TopologyHost } from '../model.ts'
import type { Layout, RenderedFile, SecretOf, Unit } from '../unit.ts'

/** What a host is rendered with, beside the topology. */
export interface Rendering {
  readonly layout: Layout
  readonly secretOf: SecretOf
  /** URL of a database that is somebody else's. */
  readonly database?: string
  /** URL of a message queue that is somebody else's. */
  readonly messaging?: string
  /** Password of the seeded users; one is derived if not given. */
  readonly adminPassword?: string
}

/** What one engine adds to a host. */
export interface Part {
  readonly units: readonly Unit[]
  readonly files: readonly RenderedFile[]
}

/** Renders one engine for one host; undefined when the host has no such role. Pure. */
export type RenderPart = (topology: Topology, host: TopologyHost, rendering: Rendering) => Part | undefined

type Needed = 'name' | 'description' | 'user' | 'command'

/** A unit with what most have: no predecessors, no privileges, SIGTERM and half a minute. */
export const unitOf = (own: Pick<Unit, Needed> & Partial<Unit>): Unit => ({
  after: [],
  before: [],
  environment: {},
  stopSignal: 'SIGTERM',
  stopSeconds: 30,
  restartSeconds: 1,
  folders: [],
  capabilities: [],
  ports: [],
  ...own,
})

/** A file that anybody on the host may read. */
export const open = (path: string, text: string): RenderedFile => ({ path, text, mode: 0o644 })

/** A file with secrets, for one user. */
export const closed = (path: string, owner: string, text: string): RenderedFile => ({ path, text, mode: 0o640, owner })

/** A script without secrets. */
export const script = (path: string, text: string): RenderedFile => ({ path, text, mode: 0o755 })

/** All hosts of a list but this one. */
export const othersThan = (host: TopologyHost, hosts: readonly TopologyHost[]): readonly TopologyHost[] =>
  hosts.filter(({ name }) => name !== host.name)

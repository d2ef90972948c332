import { needed } from '../config/needed.ts'
import type { Loaded } from '../config/load.ts'
import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { readTopology } from '../config/topology.ts'
import type { Topology } from '../topology/model.ts'
import { planMachine } from '../topology/render/machine.ts'
import type { Rendering } from '../topology/render/part.ts'
import { tlsFiles } from '../topology/render/tls.ts'
import { secretOf } from '../topology/secret-of.ts'
import type { RenderedFile } from '../topology/unit.ts'

/** A folder of what was rendered: one host's, or what belongs to none. */
export interface RenderedTree {
  readonly folder: string
  /** Paths as they will be on the host. */
  readonly files: readonly RenderedFile[]
}

/** Renders these hosts of the topology in the configuration file, or all, and what belongs to the whole cloud. Throws StartupErrors. */
export async function renderHosts(loaded: Loaded, names: readonly string[]): Promise<readonly RenderedTree[]> {
  const topology = await readTopology(loaded)
  const rendering = renderingOf(topology, loaded)
  const all = topology.hosts.map(({ name }) => name)
  for (const name of names)
    if (!all.includes(name)) throw new StartupError(`The topology has no host ${name}`, suggest(name, all, `There are: ${all.join(', ')}.`))
  const trees = (names.length > 0 ? names : all).map((name) => treeOf(topology, name, rendering))
  const shared = tlsFiles(topology, '')
  return shared.length > 0 && names.length === 0 ? [...trees, { folder: 'tls', files: shared }] : trees
}

function treeOf(topology: Topology, name: string, rendering: Omit<Rendering, 'layout'>): RenderedTree {
  const { files, install } = planMachine(topology, name, rendering)
  return { folder: name, files: [...files, { path: '/install', text: install, mode: 0o755 }] }
}

function renderingOf(topology: Topology, { config }: Loaded): Omit<Rendering, 'layout'> {
  return {
    secretOf: secretOf(needed(config, 'secret')),
    ...(topology.database === 'external' && { database: needed(config, 'database') }),
    ...(topology.queue === 'external' && { messaging: needed(config, 'messaging') }),
    ...(config.adminPassword && { adminPassword: config.adminPassword }),
  }
}

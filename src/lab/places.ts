import { join } from 'node:path'
import { stateDirAt, type StateDir } from '../embedded/supervisor/state-dir.ts'
import type { Layout } from '../topology/unit.ts'
import { commandOf } from './programs.ts'

/** Where everything of a lab lies. It has what a cloud of `up` has too: lock, secrets, clouds.yaml, logs. */
export interface LabDir extends StateDir {
  /** What was asked for when it was made; a lab keeps it. */
  readonly lab: string
  /** Where the lab's supervisor takes orders. */
  readonly control: string
  readonly hosts: string
}

/** Names the places of the lab in directory `root`; touches nothing. */
export const labDirAt = (root: string): LabDir => ({
  ...stateDirAt(root),
  lab: join(root, 'lab.json'),
  control: join(root, 'lab.sock'),
  hosts: join(root, 'hosts'),
})

/** Where a host of the lab keeps its things. Its program is a link, so that each may run another. */
export function layoutOf(dir: LabDir, host: string): Layout {
  const at = (name: string) => join(dir.hosts, host, name)
  return { etc: at('etc'), lib: at('lib'), run: at('run'), log: at('log'), skykeel: commandOf(at('program')) }
}

/** The file that is the disk of a host. */
export const diskOf = (dir: LabDir, host: string): string => join(dir.hosts, `${host}.disk`)

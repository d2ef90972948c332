import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../../config/startup-error.ts'

/** Where everything of one cloud lies. */
export interface StateDir {
  readonly root: string
  /** Who supervises the cloud. */
  readonly lock: string
  readonly secrets: string
  readonly clouds: string
  readonly postgres: string
  readonly images: string
  readonly logs: string
  /** Which processes there are. */
  readonly roster: string
}

/** Names the places of the cloud in directory `root`; touches nothing. */
export const stateDirAt = (root: string): StateDir => ({
  root,
  lock: join(root, 'supervisor.lock'),
  secrets: join(root, 'secrets.json'),
  clouds: join(root, 'clouds.yaml'),
  postgres: join(root, 'postgres'),
  images: join(root, 'images'),
  logs: join(root, 'logs'),
  roster: join(root, 'roster.json'),
})

/** The log of one process. */
export const logOf = (dir: StateDir, name: string): string => join(dir.logs, `${name}.log`)

/** What a balancer is told. */
export const controlOf = (dir: StateDir, name: string): string => join(dir.root, `${name}.json`)

/** Where a balancer tells what it knows. */
export const adminSocketOf = (dir: StateDir, name: string): string => join(dir.root, `${name}.sock`)

/** Makes the directory, closed to all others. Throws a StartupError that says what to do when it can't. */
export function makeStateDir(root: string): StateDir {
  const dir = stateDirAt(root)
  try {
    mkdirSync(dir.root, { recursive: true, mode: 0o700 })
    chmodSync(dir.root, 0o700)
    for (const path of [dir.logs, dir.images]) mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw explainDir(root, error as NodeJS.ErrnoException)
  }
  return dir
}

/** Says what is wrong with a state directory that can't be written. */
export function explainDir(root: string, error: NodeJS.ErrnoException): StartupError {
  const reasons: Record<string, [string, string]> = {
    EACCES: [`The state directory ${root} may not be written`, 'Give it to this user, or choose another with --state-dir.'],
    EPERM: [`The state directory ${root} belongs to somebody else`, 'Choose another with --state-dir.'],
    EROFS: [`The state directory ${root} lies on a file system that can only be read`, 'Choose another with --state-dir.'],
    ENOSPC: [`The disk that holds ${root} is full`, 'Free at least 200 MB there, or choose another place with --state-dir.'],
    ENOTDIR: [`The state directory ${root} can't be made: a file is in its way`, 'Choose another with --state-dir.'],
    EEXIST: [`The state directory ${root} can't be made: a file is in its way`, 'Choose another with --state-dir.'],
  }
  const [message, hint] = reasons[error.code ?? ''] ?? [
    `The state directory ${root} can't be used: ${error.message}`,
    'Choose another with --state-dir.',
  ]
  return new StartupError(message, hint, { cause: error })
}

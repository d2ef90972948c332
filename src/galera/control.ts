import { readFileSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'

/** What the keeper of one node of a Galera cluster is told, as a JSON file. */
export interface GaleraControl {
  readonly name: string
  readonly address: string
  /** Where it tells its peers, and whoever else asks, how its node is. */
  readonly checkPort: number
  /** The other nodes with data. */
  readonly peers: readonly { readonly name: string; readonly address: string }[]
  readonly mariadbd: string
  readonly installDb: string
  /** Of mariadbd; the keeper adds only how the cluster is entered. */
  readonly defaultsFile: string
  readonly dataDir: string
  readonly socket: string
  /** The account and the database that a new cluster gets. */
  readonly user: string
  readonly password: string
  readonly database: string
}

/** Reads it. Throws a StartupError when it can't be read. */
export function readControl(path: string): GaleraControl {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as GaleraControl
  } catch (error) {
    throw new StartupError(`${path} can't be read: ${(error as Error).message}`, '`skykeel render` writes it.', { cause: error })
  }
}

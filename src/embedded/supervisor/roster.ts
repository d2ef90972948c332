import { type Process, processByPid } from '../postgres/processes.ts'
import type { Ports } from './part.ts'
import type { StateDir } from './state-dir.ts'
import { readJson, writeWhole } from './whole-file.ts'

/** How a part of the cloud is. A frozen process was stopped by a signal and can be thawed. */
export type PartState = 'starting' | 'running' | 'frozen' | 'restarting' | 'stopping' | 'dead'

/** One process of the cloud, as the supervisor wrote it down. */
export interface RosterEntry {
  readonly name: string
  readonly roles: readonly string[]
  readonly state: PartState
  readonly pid: number
  /** Tells the process apart from a later one with its number. */
  readonly startedAt: string
  readonly ports: Ports
  /** Of what it was started with: another supervisor keeps it only if it would have started the same. */
  readonly recipe: string
}

export interface Roster {
  readonly authUrl: string
  readonly ephemeral: boolean
  /** Which engines keep the database and carry messages: the schemes of their URLs. */
  readonly database?: string
  readonly messaging?: string
  readonly processes: readonly RosterEntry[]
}

export const writeRoster = (dir: StateDir, roster: Roster): void => writeWhole(dir.roster, JSON.stringify(roster, undefined, 2))

/** What the last supervisor wrote. */
export const readRoster = (dir: StateDir): Roster | undefined => readJson(dir.roster) as Roster | undefined

/** The process behind an entry, if it still lives. */
export function processOf({ pid, startedAt }: Pick<RosterEntry, 'pid' | 'startedAt'>): Process | undefined {
  const found = pid > 0 ? processByPid(pid) : undefined
  return found?.startedAt === startedAt ? found : undefined
}

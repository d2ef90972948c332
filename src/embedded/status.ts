import { statusOfGet } from './call.ts'
import { holderOf } from './supervisor/lock.ts'
import { type PartState, processOf, readRoster, type RosterEntry } from './supervisor/roster.ts'
import type { StateDir } from './supervisor/state-dir.ts'

/** One process as `skykeel status` shows it. */
export interface ProcessStatus {
  readonly name: string
  readonly roles: readonly string[]
  readonly pid: number
  readonly state: PartState
}

/** The whole cloud, as `skykeel status --json` prints it. */
export interface CloudStatus {
  /** Every process runs, and the cloud answers at its URL. */
  readonly ready: boolean
  readonly auth_url: string
  readonly processes: readonly ProcessStatus[]
}

/** Looks at the cloud in this directory: what the supervisor wrote down, whether those processes live, and whether the cloud answers. */
export async function cloudStatus(dir: StateDir): Promise<CloudStatus> {
  const roster = readRoster(dir)
  const holder = holderOf(dir)
  const processes: ProcessStatus[] = [
    { name: 'supervisor', roles: ['supervisor'], pid: holder?.pid ?? 0, state: holder ? (holder.frozen ? 'frozen' : 'running') : 'dead' },
    ...(roster?.processes ?? []).map((entry) => ({ name: entry.name, roles: entry.roles, ...stateNow(entry, holder !== undefined) })),
  ]
  const allRun = processes.length > 1 && processes.every(({ state }) => state === 'running')
  const authUrl = roster?.authUrl ?? ''
  return { ready: allRun && (await statusOfGet(authUrl, { timeoutMs: 3_000 })) === 200, auth_url: authUrl, processes }
}

// The supervisor may not have noticed a death yet, or be dead itself.
function stateNow(entry: RosterEntry, supervised: boolean): Pick<ProcessStatus, 'pid' | 'state'> {
  const found = processOf(entry)
  if (found?.frozen) return { pid: entry.pid, state: 'frozen' }
  if (found) return { pid: entry.pid, state: entry.state }
  if (!supervised) return { pid: 0, state: 'dead' }
  return { pid: 0, state: entry.state === 'running' ? 'restarting' : entry.state }
}

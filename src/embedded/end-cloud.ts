import { stopAbandonedServer } from './postgres/server.ts'
import { endOf, endProcess } from './supervisor/processes.ts'
import { holderOf } from './supervisor/lock.ts'
import { processOf, readRoster } from './supervisor/roster.ts'
import type { StateDir } from './supervisor/state-dir.ts'

const supervisorTimeoutMs = 60_000

/** Ends the cloud in this directory, by way of its supervisor if it has one, and whatever a dead one left. Says whether anything ran. */
export async function endCloud(dir: StateDir, { except }: { except?: number } = {}): Promise<boolean> {
  const holder = holderOf(dir)
  if (except !== undefined && holder) return false // Somebody has taken over at the last moment.
  if (holder) await endProcess(holder.pid, { first: 'SIGTERM', timeoutMs: supervisorTimeoutMs, exited: endOf(holder) })
  const left = (readRoster(dir)?.processes ?? [])
    .filter(({ name, pid }) => name !== 'postgres' && pid !== except)
    .flatMap((entry) => processOf(entry) ?? [])
  await Promise.all(left.map(async (one) => endProcess(one.pid, { first: 'SIGINT', timeoutMs: 10_000, exited: endOf(one) })))
  const database = await stopAbandonedServer(dir.postgres)
  return holder !== undefined || left.length > 0 || database
}

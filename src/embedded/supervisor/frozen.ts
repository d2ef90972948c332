import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { processByPid, signal } from '../postgres/processes.ts'
import type { Kept } from './keep-running.ts'

/** How long a process that has no stand-in may be frozen, in milliseconds. */
const patienceMs = 3_000

/**
 * Looks, whenever called, for frozen processes that nobody can stand in for, and kills those that have been so for too long: a restart costs
 * a second, waiting costs every request. Frozen controllers are left alone; the balancer passes them by.
 */
export function frozenWatch(ctx: { clock: Clock; log: Log }): (kept: readonly Kept[]) => void {
  const since = new Map<number, number>()
  return (kept) => {
    for (const { part, state, running } of kept) {
      const pid = running()?.pid
      if (!part.single || pid === undefined) continue
      if (state() !== 'running' || !processByPid(pid)?.frozen) {
        since.delete(pid)
        continue
      }
      const beganMs = since.get(pid) ?? ctx.clock.monotonicMs()
      since.set(pid, beganMs)
      if (ctx.clock.monotonicMs() - beganMs < patienceMs) continue
      ctx.log.warn({ part: part.name, pid }, 'a frozen process is killed, to be replaced')
      signal(pid, 'SIGKILL')
    }
  }
}

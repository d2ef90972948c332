import type { Clock, Ids } from '../clock.ts'

/** Thrown when an answer did not come in time; whether the deed was done is then unknown. */
export class DeadlinePassed extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`${what}: no answer within ${Math.round(timeoutMs)} ms`)
    this.name = 'DeadlinePassed'
  }
}

/** Gives what `work` gives, or rejects with `DeadlinePassed`. The work itself goes on: whoever owns its socket must drop that. */
export async function withDeadline<T>(clock: Clock, timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = clock.sleep(Math.max(0, timeoutMs), done.signal).then(() => {
    throw new DeadlinePassed(what, timeoutMs)
  })
  late.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}

/** A pause before attempt number `attempt` (from 1): doubles from `lowMs` to `highMs`, then varied by half so that many do not come back at once. */
export function pauseMs(ids: Ids, attempt: number, lowMs = 50, highMs = 2000): number {
  return Math.min(highMs, lowMs * 2 ** Math.min(attempt - 1, 30)) * (0.5 + ids.chance() / 2)
}

/** Sleeps; resolves early, to false, when the signal aborts. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

import { systemClock } from './clock.ts'

export interface Race<T, R> {
  /** How long each has for itself before the next one is tried as well, in milliseconds. */
  readonly headStartMs: number
  /** The signal aborts when another has won. */
  attempt(one: T, signal: AbortSignal): Promise<R>
  /** What came too late. */
  discard?(late: R): void
}

/**
 * Tries one after the other, the next one when the last has failed, or beside it when that keeps silent; the first that succeeds wins.
 * Rejects with an AggregateError of all failures, in order.
 */
export async function firstToSucceed<T, R>(all: readonly T[], { headStartMs, attempt, discard }: Race<T, R>): Promise<R> {
  const begun: Promise<{ readonly losing: AbortController; readonly result: R }>[] = []
  const races: AbortController[] = []
  for (const one of all) {
    const losing = new AbortController()
    races.push(losing)
    begun.push(attempt(one, losing.signal).then((result) => ({ losing, result })))
    const isWon = Promise.any(begun).then(
      () => true,
      () => false,
    )
    if (await Promise.race([isWon, systemClock.sleep(headStartMs).then(() => false)])) break
  }
  const winner = await Promise.any(begun)
  for (const losing of races) if (losing !== winner.losing) losing.abort()
  for (const other of begun)
    other.then(
      (late) => late !== winner && discard?.(late.result),
      () => {},
    )
  return winner.result
}

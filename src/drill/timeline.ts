import { isSuccess } from './judge.ts'
import { durationOf, type Call } from './calls.ts'

/** What became of the requests that began in one second. */
export interface Second {
  /** Since the drill began. */
  readonly atMs: number
  readonly requests: number
  /** How many of them were answered with success. */
  readonly succeeded: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** The values below which these shares of all lie; 0 when there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0)
}

/** One sample a second from the drill's begin to its last request. Seconds in which no request began are left out. */
export function timelineOf(calls: readonly Call[], beganMs: number): Second[] {
  const seconds = Map.groupBy(calls, ({ startedMs }) => Math.floor((startedMs - beganMs) / 1000))
  return [...seconds]
    .toSorted(([a], [b]) => a - b)
    .map(([second, some]) => {
      const ms = some.map(durationOf)
      return {
        atMs: second * 1000,
        requests: some.length,
        succeeded: some.filter(isSuccess).length,
        p50Ms: percentile(ms, 0.5),
        p99Ms: percentile(ms, 0.99),
      }
    })
}

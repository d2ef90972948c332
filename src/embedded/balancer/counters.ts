/** What the balancer has done since it started. */
export interface Counters {
  requests: number
  /** Attempts beyond a request's first, by why the one before failed. */
  repeats: Record<Repeat, number>
  /** Times that a request found no backend up and waited for one. */
  waits: number
  /** Requests that the balancer answered itself, by status. */
  refused: Record<number, number>
  /** Answers that did not reach their client whole: it left, or the backend broke off after the first byte was passed on. */
  unfinished: number
}

export type Repeat = 'unreachable' | 'broken' | 'moved'

export const noCounts = (): Counters => ({
  requests: 0,
  repeats: { unreachable: 0, broken: 0, moved: 0 },
  waits: 0,
  refused: {},
  unfinished: 0,
})

import type { Round } from './judge.ts'
import type { Second } from './timeline.ts'

/** One promise, and what came of it. `figure` is what was seen, or null where that never ended; `limit` is the most that keeps it. */
export interface Verdict {
  readonly name: string
  readonly kept: boolean
  readonly figure: number | null
  readonly limit: number
}

export interface Totals {
  /** Requests of every kind, reads too: those acknowledged, failed and refused together. */
  readonly attempted: number
  /** Answered with success. */
  readonly acknowledged: number
  /** Those of them that changed something. */
  readonly changes: number
  readonly failed: number
  readonly refused: number
  /** Of the failed, those answered 401: a good token was not taken. */
  readonly denied: number
  /** Repeats that were answered otherwise than the first time. */
  readonly unlike: number
  /** How often a service was taken for dead that was not struck, whatever the scenario promises. */
  readonly falseDowns: number
  readonly lost: number
  readonly doubled: number
  readonly stuck: number
  readonly orphaned: number
}

/** What a drill found out, as `skykeel drill --json` prints it. */
export interface Report {
  readonly scenario: string
  /** Repeats the same choices. */
  readonly seed: number
  readonly cloud: { readonly kind: string; readonly database: string; readonly messaging: string }
  readonly startedAt: string
  readonly lastedMs: number
  readonly totals: Totals
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number }
  /** What was asked for before the first blow, judged in the same way. */
  readonly before: Round
  readonly rounds: readonly Round[]
  readonly promises: readonly Verdict[]
  /** What an audit found at the end that it had not found before. */
  readonly orphans: readonly string[]
  readonly notes: readonly string[]
  readonly timeline: readonly Second[]
}

/** Whether the cloud kept all its promises. */
export const allKept = ({ promises }: Pick<Report, 'promises'>): boolean => promises.every(({ kept }) => kept)

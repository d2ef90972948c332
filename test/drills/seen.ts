import type { Round } from '../../src/drill/judge.ts'
import { span } from '../../src/drill/page/html.ts'
import type { Report } from '../../src/drill/report.ts'
import type { CloudName } from './clouds.ts'

/** A drill that ran, and on which cloud. */
export interface Told {
  readonly cloud: CloudName
  readonly report: Pick<Report, 'before' | 'rounds' | 'totals' | 'latencyMs'>
}

/** Rounds with the cloud that they fell on. */
export type Seen = readonly (Round & { readonly cloud: CloudName })[]

/** What came of a promise. */
export interface Verdict {
  readonly kept: boolean
  /** The figure that shows it, in words. */
  readonly figure: string
}

/** All rounds of some scenarios, on any cloud. */
export const roundsOf = (all: readonly Told[], scenarios: readonly string[]): Seen =>
  all.flatMap(({ cloud, report }) =>
    report.rounds.filter(({ scenario }) => scenarios.includes(scenario)).map((round) => ({ ...round, cloud })),
  )

type Timed = Extract<keyof Round, `${string}Ms`>
type Counted = Exclude<keyof Round, 'scenario' | 'fault' | 'target' | Timed>

export const sum = (seen: Seen, ...keys: readonly Counted[]): number =>
  seen.reduce((all, round) => all + keys.reduce((some, key) => some + (round[key] ?? 0), 0), 0)

/** The longest; Infinity where one never ended. */
export const longest = (seen: Seen, key: Timed): number => Math.max(0, ...seen.map((round) => round[key] ?? Infinity))

/** Half of them are no longer than this. */
export function median(seen: Seen, key: Timed): number {
  const values = seen.map((round) => round[key] ?? Infinity).toSorted((a, b) => a - b)
  return values[Math.floor((values.length - 1) / 2)] ?? 0
}

/** A time in words, also one that never ended. */
export const since = (ms: number): string => span(Number.isFinite(ms) ? ms : null)

/** The same words for each cloud, with its name. */
export const perCloud = (seen: Seen, words: (some: Seen) => string): string =>
  [...Map.groupBy(seen, ({ cloud }) => cloud)].map(([cloud, some]) => `${cloud}: ${words(some)}`).join(', ')

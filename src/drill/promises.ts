import type { Round } from './judge.ts'
import type { Totals, Verdict } from './report.ts'
import type { Limits } from './scenarios/scenario.ts'

/** A round with what its scenario promises. */
export interface Promised {
  readonly round: Round
  readonly limits: Limits
}

const never = ['lost', 'doubled', 'stuck', 'orphaned', 'denied', 'unlike'] as const

/** What came of each promise. `before` is the round before the first blow, in which nothing may fail. */
export function promisesOf(totals: Totals, before: Round, rounds: readonly Promised[]): Verdict[] {
  return [
    ...never.map((name): Verdict => ({ name, kept: totals[name] === 0, figure: totals[name], limit: 0 })),
    noneOf('failed', before, rounds),
    noneOf('falseDowns', before, rounds),
    ...worst('downtimeMs', rounds),
    ...worst('recoveryMs', rounds),
  ]
}

// Only rounds count whose scenario says so, and what was before the first blow.
function noneOf(name: 'failed' | 'falseDowns', before: Round, rounds: readonly Promised[]): Verdict {
  const promised = [before, ...rounds.flatMap(({ round, limits }) => (limits[name] === undefined ? [] : [round]))]
  const figure = promised.reduce((sum, round) => sum + round[name], 0)
  return { name, kept: figure === 0, figure, limit: 0 }
}

// Of all rounds, the one that comes nearest to its limit or passes it furthest.
function worst(name: 'downtimeMs' | 'recoveryMs', rounds: readonly Promised[]): Verdict[] {
  const excess = ({ round, limits }: Promised) => (round[name] ?? Infinity) - limits[name]
  const [first] = rounds.toSorted((a, b) => excess(b) - excess(a))
  return first ? [{ name, kept: excess(first) <= 0, figure: first.round[name], limit: first.limits[name] }] : []
}

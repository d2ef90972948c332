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
    ...worst('gapMs', rounds),
    ...worst('worstMs', rounds),
    ...worst('stale', rounds),
  ]
}

// Only rounds count whose scenario says so, and what was before the first blow.
function noneOf(name: 'failed' | 'falseDowns', before: Round, rounds: readonly Promised[]): Verdict {
  const promised = [before, ...rounds.flatMap(({ round, limits }) => (limits[name] === undefined ? [] : [round]))]
  const figure = promised.reduce((sum, round) => sum + round[name], 0)
  return { name, kept: figure === 0, figure, limit: 0 }
}

// Of all rounds that have such a limit, the one that comes nearest to it or passes it furthest.
function worst(name: 'downtimeMs' | 'recoveryMs' | 'gapMs' | 'worstMs' | 'stale', rounds: readonly Promised[]): Verdict[] {
  const limited = rounds.flatMap(({ round, limits }) => {
    const [figure, limit] = [round[name], limits[name]]
    return figure === undefined || limit === undefined ? [] : [{ figure, limit }]
  })
  const excess = ({ figure, limit }: (typeof limited)[number]) => (figure ?? Infinity) - limit
  const [first] = limited.toSorted((a, b) => excess(b) - excess(a))
  return first ? [{ name, kept: excess(first) <= 0, ...first }] : []
}

import type { Round } from './judge.ts'
import type { Report } from './report.ts'

/** All rounds of one fault on one target, as a row. */
export interface Row extends Round {
  readonly times: number
  readonly recoveriesMs: readonly (number | null)[]
}

const columns = ['requests', 'refused', 'failed', 'acknowledged', 'lost', 'doubled', 'stuck'] as const
const sums = [...columns, 'denied', 'unlike', 'falseDowns'] as const

/** A row for what was before the first blow, and one for each fault. */
export function rowsOf({ before, rounds }: Pick<Report, 'before' | 'rounds'>): Row[] {
  const groups = Map.groupBy(rounds, ({ fault, target }) => `${fault} ${target}`)
  const rows = [...groups.values()].map((some): Row => {
    const total = (key: (typeof sums)[number]) => some.reduce((all, round) => all + round[key], 0)
    const added = Object.fromEntries(sums.map((key) => [key, total(key)]))
    return { ...some[0]!, ...added, times: some.length, recoveriesMs: some.map(({ recoveryMs }) => recoveryMs) }
  })
  return [{ ...before, times: 0, recoveriesMs: [] }, ...rows]
}

/** Whether nothing in a row is broken, whatever it is that may be. */
export const isClean = (row: Row): boolean =>
  row.failed + row.lost + row.doubled + row.stuck + row.denied + row.unlike === 0 && !row.recoveriesMs.includes(null)

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!

const shown = (ms: number): string => (Number.isFinite(ms) ? String(Math.round(ms)) : 'never')

function recoveryOf({ recoveriesMs }: Row): string {
  const all = recoveriesMs.map((ms) => ms ?? Infinity)
  return all.length > 0 ? `${shown(median(all))} / ${shown(Math.max(...all))}` : '-'
}

/** The rows as a table for people. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['fault', 'times', 'requests', 'refused', 'failed', 'accepted', 'lost', 'doubled', 'stuck', 'recovery p50/max ms']
  const lines = rows.map((row) => [
    `${row.fault} ${row.target}`.trimEnd(),
    ...[row.times, ...columns.map((key) => row[key])].map(String),
    recoveryOf(row),
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]!.length)))
  const print = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  return [print(head), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(print)].join('\n')
}

/** The promises as lines for people. */
export const promisesText = ({ promises }: Pick<Report, 'promises'>): string =>
  promises
    .map(
      ({ name, kept, figure, limit }) =>
        `  ${kept ? 'kept  ' : 'BROKEN'}  ${name.padEnd(10)} ${figure ?? 'never ended'} (at most ${limit})`,
    )
    .join('\n')

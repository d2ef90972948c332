import { count, span } from '../../src/drill/page/html.ts'
import { allKept } from '../../src/drill/report.ts'
import { clouds } from './clouds.ts'
import type { CloudRecord, Kept } from './kept.ts'
import { promiseLines } from './promise-table.ts'
import { longest, median, roundsOf, since, sum, type Told } from './seen.ts'

/** The drills that are kept, as what a run of them would tell. */
export const toldBy = (records: readonly CloudRecord[]): Told[] =>
  records.flatMap(({ cloud, drills }) => drills.map((report) => ({ cloud, report })))

/** A table in Markdown. Cells may not have bars. */
export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const faultHead = [
  ...['scenario', 'rounds', 'requests', 'refused', 'failed', 'lost', 'doubled', 'stuck', 'orphaned'],
  ...['downtime p50 / max', 'no change for p50 / max', 'recovery p50 / max', 'slowest request', 'promises', 'when'],
]

function faultRow(record: CloudRecord, drill: Kept): string[] {
  const { scenario, totals, startedAt, version } = drill
  const seen = roundsOf([{ cloud: record.cloud, report: drill }], [scenario])
  const both = (key: 'downtimeMs' | 'gapMs' | 'recoveryMs') => `${since(median(seen, key))} / ${since(longest(seen, key))}`
  const counts = (['requests', 'refused', 'failed', 'lost', 'doubled', 'stuck'] as const).map((key) => count(sum(seen, key)))
  const broken = drill.promises.filter(({ kept }) => !kept).map(({ name }) => name)
  return [
    ...[`\`${scenario}\``, String(seen.length), ...counts, String(totals.orphaned)],
    ...[both('downtimeMs'), both('gapMs'), both('recoveryMs'), span(longest(seen, 'worstMs'))],
    ...[allKept(drill) ? 'kept' : `**broken**: ${broken.join(', ')}`, `${startedAt.slice(0, 10)}, ${version}`],
  ]
}

/** A row for each scenario that was drilled on a cloud. */
export const faultTable = (record: CloudRecord): string =>
  markdown(
    faultHead,
    record.drills.map((drill) => faultRow(record, drill)),
  )

/** The fifteen promises, and what the kept drills say of them. */
export const promisesTable = (records: readonly CloudRecord[]): string =>
  markdown(
    ['', 'promise', '', 'shown by'],
    promiseLines(toldBy(records)).map(({ number, promise, state, figure, unshown }) => [
      ...[number, promise, state === 'BROKEN' ? '**broken**' : state],
      [figure, unshown && `*Not shown:* ${unshown}`].filter((text) => text !== '').join('<br>'),
    ]),
  )

/** docs/drills/README.md. */
export const keptReadme = (records: readonly CloudRecord[]): string => `# What the drills found out
Written by \`npm run drill:full\`; what each figure means stands in [drills](../drills.md), what is promised in
[high availability](../high-availability.md). Each row is the newest drill of its scenario.

## Promises
${promisesTable(records)}
${records
  .map(
    (record) => `
## ${record.cloud}: ${clouds[record.cloud].words}
${[...new Set(record.drills.map(({ machine }) => machine))].join('; ')}. As one page with charts: [${record.cloud}.html](${record.cloud}.html); for programs: [${record.cloud}.json](${record.cloud}.json).

${faultTable(record)}
`,
  )
  .join('')}`

import { chartOf } from '../../src/drill/page/chart.ts'
import { type Column, count, escaped, span, table } from '../../src/drill/page/html.ts'
import { style } from '../../src/drill/page/style.ts'
import { allKept } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { isClean, type Row, rowsOf } from '../../src/drill/table.ts'
import { clouds } from './clouds.ts'
import type { CloudRecord, Kept } from './kept.ts'

const figures = ['times', 'requests', 'acknowledged', 'refused', 'failed', 'lost', 'doubled', 'stuck'] as const
const timeOf = (times: readonly (number | null)[]): string =>
  times.includes(null) ? span(null) : span(Math.max(0, ...(times as number[])))

const columns: readonly Column<Row>[] = [
  { head: 'fault', cell: ({ fault }) => fault },
  { head: 'on', cell: ({ target }) => target },
  ...figures.map((key): Column<Row> => ({ head: key, cell: (row) => row[key] })),
  { head: 'recovery, at most', cell: ({ recoveriesMs }) => timeOf(recoveriesMs) },
]

/** All that is kept of a cloud as one HTML page that needs nothing else. */
export function keptPage({ cloud, drills }: CloudRecord): string {
  const broken = drills.filter((one) => !allKept(one))
  const verdict =
    broken.length === 0 ? 'All promises were kept' : `A promise was broken in ${broken.map(({ scenario }) => scenario).join(', ')}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(`Drills on ${cloud}: ${verdict}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="what">Drills on <strong>${escaped(clouds[cloud].words)}</strong></p>
<h1 class="${broken.length === 0 ? 'kept' : 'broken'}">${escaped(verdict)}</h1>
<p>Lines with a number are faults; what is shaded is the time until all was done that they interrupted.</p>
${drills.map(sectionOf).join('\n')}
</main>
</body>
</html>
`
}

function sectionOf(drill: Kept): string {
  const { scenario, startedAt, version, machine, seed, totals, latencyMs, rounds, orphans, notes } = drill
  const sentence = scenarios.find(({ name }) => name === scenario)?.sentence ?? ''
  const rows = rowsOf(drill).filter((row) => row.times > 0 || !isClean(row))
  return `<h2>${escaped(scenario)}: ${allKept(drill) ? 'kept' : 'broken'}</h2>
<p>${escaped(sentence)} ${escaped(startedAt.slice(0, 10))}, version ${escaped(version)}, ${escaped(machine)}, seed ${seed}. ${count(totals.attempted)} requests in ${rounds.length} rounds;
latency: median ${span(latencyMs.p50)}, 99th percentile ${span(latencyMs.p99)}, longest ${span(latencyMs.max)}; ${totals.orphaned} orphans.</p>
<figure>${chartOf(drill)}</figure>
${table(scenario, columns, rows)}
${[...orphans, ...(allKept(drill) ? [] : notes)].map((line) => `<p>${escaped(line)}</p>`).join('\n')}`
}

import type { Round } from '../judge.ts'
import { allKept, type Report, type Verdict } from '../report.ts'
import type { Second } from '../timeline.ts'
import { chartOf } from './chart.ts'
import { type Column, count, escaped, span, table } from './html.ts'
import { style } from './style.ts'

/** What each promise says, in words for people. */
const promises: Readonly<Record<string, string>> = {
  lost: 'Nothing that was acknowledged is lost',
  doubled: 'Nothing is done twice',
  stuck: 'No work is left half done',
  orphaned: 'Nothing is left without an owner, or counted wrong',
  denied: 'No token is refused while it is good',
  unlike: 'A repeat with the same key gets the same answer, to the byte',
  failed: 'No request fails that need not',
  falseDowns: 'Nobody is taken for dead who lives',
  downtimeMs: 'Service is back in time',
  recoveryMs: 'Interrupted work is done in time',
  gapMs: 'Changes are acknowledged again in time',
  worstMs: 'No request waits for long',
  stale: 'No connection stays on a database that was replaced',
}

const shown = (name: string, value: number | null): string | number => (value === null || name.endsWith('Ms') ? span(value) : value)

const promiseColumns: readonly Column<Verdict>[] = [
  { head: 'promise', cell: ({ name }) => promises[name] ?? name },
  { head: 'kept', cell: ({ kept }) => (kept ? '✓ kept' : '✗ broken') },
  { head: 'seen', cell: ({ name, figure }) => shown(name, figure) },
  { head: 'at most', cell: ({ name, limit }) => shown(name, limit) },
]

interface Numbered {
  readonly number: string
  readonly round: Round
}

const figures = ['requests', 'acknowledged', 'refused', 'failed', 'lost', 'doubled', 'stuck'] as const

const roundColumns: readonly Column<Numbered>[] = [
  { head: '', cell: ({ number }) => number },
  { head: 'fault', cell: ({ round }) => round.fault },
  { head: 'on', cell: ({ round }) => round.target },
  { head: 'at', cell: ({ round }) => span(round.atMs) },
  { head: 'downtime', cell: ({ round }) => span(round.downtimeMs) },
  { head: 'recovery', cell: ({ round }) => span(round.recoveryMs) },
  { head: 'no change for', cell: ({ round }) => span(round.gapMs) },
  { head: 'slowest request', cell: ({ round }) => span(round.worstMs) },
  ...figures.map((key): Column<Numbered> => ({ head: key, cell: ({ round }) => round[key] })),
]

const secondColumns: readonly Column<Second>[] = [
  { head: 'second', cell: ({ atMs }) => atMs / 1000 },
  { head: 'requests', cell: ({ requests }) => requests },
  { head: 'succeeded', cell: ({ succeeded }) => succeeded },
  { head: 'median ms', cell: ({ p50Ms }) => p50Ms },
  { head: '99th percentile ms', cell: ({ p99Ms }) => p99Ms },
]

/** The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
export function pageOf(report: Report): string {
  const { scenario, cloud, totals, latencyMs, startedAt, seed, lastedMs, orphans, notes } = report
  const verdict = allKept(report) ? 'All promises were kept' : 'A promise was broken'
  const rounds: Numbered[] = [
    { number: '', round: report.before },
    ...report.rounds.map((round, index) => ({ number: String(index + 1), round })),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(`Drill ${scenario}: ${verdict}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="what">Drill <strong>${escaped(scenario)}</strong> against the ${escaped(cloud.kind)} cloud, database ${escaped(cloud.database)}, queue ${escaped(cloud.messaging)}</p>
<h1 class="${allKept(report) ? 'kept' : 'broken'}">${verdict}</h1>
<p>${escaped(startedAt)}, ${span(lastedMs)}, seed ${seed}. ${count(totals.attempted)} requests, ${count(totals.changes)} changes acknowledged;
latency: median ${span(latencyMs.p50)}, 99th percentile ${span(latencyMs.p99)}, longest ${span(latencyMs.max)}.</p>
<figure>${chartOf(report)}
<figcaption>Lines with a number are faults; what is shaded is the time until all was done that they interrupted.</figcaption></figure>
${table('Promises', promiseColumns, report.promises)}
${table('Faults', roundColumns, rounds)}
${list('Left without an owner, or counted wrong', orphans)}
${list('Notes', notes)}
<details><summary>Every second</summary>
${table('What became of the requests that began in each second', secondColumns, report.timeline)}</details>
</main>
</body>
</html>
`
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<h2>${title}</h2>\n<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('\n')}</ul>`

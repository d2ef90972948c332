import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Report } from '../../src/drill/report.ts'
import type { Second } from '../../src/drill/timeline.ts'
import { version } from '../../src/embedded/version.ts'
import { type CloudName, cloudNames } from './clouds.ts'

/** A drill of the full set as it is kept, with the program and the machine that it ran on. */
export interface Kept extends Report {
  readonly version: string
  readonly machine: string
}

/** All that is kept of one cloud: the newest drill of each scenario. */
export interface CloudRecord {
  readonly cloud: CloudName
  readonly drills: readonly Kept[]
}

const folder = join(import.meta.dirname, '../../docs/drills')
const mostSamples = 30
const mostNotes = 5

/** What is kept, of the clouds that were drilled. */
export const keptRecords = (): CloudRecord[] =>
  cloudNames.flatMap((cloud) => {
    const path = pathOf(cloud)
    return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as CloudRecord] : []
  })

const pathOf = (cloud: CloudName): string => join(folder, `${cloud}.json`)

/** Keeps a drill in the place of an earlier one of its scenario. */
export function keep(cloud: CloudName, report: Report): void {
  const others = keptRecords()
    .find((one) => one.cloud === cloud)
    ?.drills.filter(({ scenario }) => scenario !== report.scenario)
  const kept: Kept = {
    ...report,
    notes: report.notes.slice(0, mostNotes),
    timeline: thinned(report.timeline),
    ...{ version: version(), machine: machine() },
  }
  const drills = [...(others ?? []), kept].toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1))
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(cloud), textOf({ cloud, drills }))
}

/** Neighbouring seconds as one sample, until there are few: sums of requests, and the worst of their latencies. */
export function thinned(timeline: readonly Second[]): Second[] {
  const step = Math.ceil(timeline.length / mostSamples) || 1
  return Array.from({ length: Math.ceil(timeline.length / step) }, (_, index) => {
    const some = timeline.slice(index * step, (index + 1) * step)
    const total = (key: 'requests' | 'succeeded') => some.reduce((all, second) => all + second[key], 0)
    const most = (key: 'p50Ms' | 'p99Ms') => Math.max(...some.map((second) => second[key]))
    // A chart draws a sample up to the end of its second: that of the last one.
    return {
      atMs: some.at(-1)!.atMs,
      requests: total('requests'),
      succeeded: total('succeeded'),
      p50Ms: most('p50Ms'),
      p99Ms: most('p99Ms'),
    }
  })
}

/** JSON with what has no inner parts on one line, so that a round is a line of a diff; not indented, since that is much of thousands of lines. */
export const textOf = (record: CloudRecord): string =>
  `${JSON.stringify(record, undefined, 1)
    .replaceAll(/[{[][^{}[\]]*[}\]]/g, compact)
    .replaceAll(/^ +/gm, '')}\n`

/** One line without spaces; what only looked like a part, within a text, stays as it is. */
function compact(leaf: string): string {
  try {
    return JSON.stringify(JSON.parse(leaf))
  } catch {
    return leaf
  }
}

/** The machine in words that name no one's. */
function machine(): string {
  const system = existsSync('/etc/os-release') && /PRETTY_NAME="([^"]*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  return `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${system || process.platform}`
}

import type { Analysis, Break } from './breaks.ts'
import type { Capability } from './capabilities.ts'
import type { Death } from './deaths.ts'

const titles = { host: 'HOSTS', process: 'PROCESSES', zone: 'ZONES', pair: 'PAIRS OF HOSTS' } satisfies Record<Death['kind'], string>
const head = ['IF THIS DIES', 'TAKEN OVER', 'MORE HOSTS MAY DIE', 'LOST']

/** What breaks, as one table for each kind of death. */
export function breaksText(analysis: Analysis): string {
  const rows = analysis.breaks.map((one) => ({ kind: one.kind, cells: [one.subject, takenOver(one), left(one), lost(one)] }))
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(({ cells }) => cells[column]!.length)) + 2)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('')
      .trimEnd()
  const kinds = (Object.keys(titles) as Death['kind'][]).filter((kind) => rows.some((row) => row.kind === kind))
  return [
    ...opening(analysis),
    ...kinds.flatMap((kind) => ['', titles[kind], line(head), ...rows.filter((row) => row.kind === kind).map(({ cells }) => line(cells))]),
  ].join('\n')
}

/** What one death does, with a sentence for each program that it takes along. */
export function breakText(one: Break): string {
  const width = Math.max(0, ...one.consequences.map(({ program }) => program.length)) + 2
  return [
    `Without ${one.subject}:`,
    `  Lost: ${lost(one)}`,
    `  Taken over: ${takenOver(one)}`,
    `  More hosts that may die, whichever they are: ${left(one)}`,
    '',
    ...one.consequences.map(({ program, sentence }) => `  ${program.padEnd(width)}${sentence}`),
  ].join('\n')
}

/** The analysis for programs. */
export const breaksAsData = ({ missing, tolerance, breaks }: Analysis) => ({
  missing: missing.map(({ id }) => id),
  hosts_that_may_die: tolerance ?? null,
  breaks: breaks.map(({ kind, subject, lost, consequences, aboutSeconds, toleranceLeft }) => ({
    kind,
    subject,
    lost: lost.map(({ id }) => id),
    consequences: consequences.map(({ program, takenOver, sentence }) => ({ program, taken_over: takenOver, sentence })),
    about_seconds: aboutSeconds ?? null,
    more_hosts_that_may_die: toleranceLeft ?? null,
  })),
})

function opening({ missing, tolerance }: Analysis): string[] {
  const shared = missing.filter(({ host }) => host === undefined)
  return [
    ...(shared.length > 0 ? [`Even while everything lives, this does not hold: ${named(shared)}.`] : []),
    tolerance === undefined
      ? 'No death of a host takes anything away that holds now.'
      : tolerance === 0
        ? 'There is a host whose death alone takes something away from the whole cloud.'
        : `Any ${tolerance === 1 ? 'one host' : `${tolerance} hosts`} may die, and the cloud as a whole loses nothing.`,
  ]
}

const named = (capabilities: readonly Capability[]): string => capabilities.map(({ title }) => title).join(', ')
const lost = ({ lost }: Break): string => (lost.length > 0 ? named(lost) : 'nothing')
const takenOver = ({ aboutSeconds }: Break): string => (aboutSeconds === undefined ? 'by nobody' : `in about ${aboutSeconds} s`)
const left = ({ toleranceLeft, lost }: Break): string =>
  toleranceLeft === undefined ? (lost.length > 0 ? '-' : 'all') : String(toleranceLeft)

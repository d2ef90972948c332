import { isPending, type Asked, type Ledger } from './ledger.ts'
import type { Call } from './calls.ts'

/** One blow as it fell: everything between it and the next one counts as its doing. */
export interface Blow {
  readonly fault: string
  readonly mayRefuse: boolean
  readonly atMs: number
}

/** What came of all blows of one kind. */
export interface Row {
  readonly fault: string
  times: number
  requests: number
  /** Answered 503 with Retry-After while the database was down. */
  refused: number
  failed: number
  accepted: number
  lost: number
  doubled: number
  stuck: number
  readonly recoveryMs: number[]
}

/** What is left in the cloud at the end, as it says itself. */
export interface Remains {
  /** Every server that ever was, deleted ones included. */
  readonly everServers: readonly { readonly id: string; readonly name: string }[]
  readonly living: readonly { readonly id: string; readonly name: string; readonly status: string }[]
}

const isMutation = (call: Call) => call.method !== 'GET'
const isRefused = (call: Call, blow: Blow) => blow.mayRefuse && call.status === 503 && call.retryAfter
// A server that the cloud has deleted meanwhile may be gone when it is asked for: that is no failure.
const isFailed = (call: Call) => call.status === 0 || call.status >= 400

/** Judges the whole drill: a row for each kind of blow. */
export function judge(ledger: Ledger, blows: readonly Blow[], remains: Remains): Row[] {
  const rows = new Map<string, Row>()
  const rowOf = (atMs: number) => {
    const blow = blows.findLast((one) => one.atMs <= atMs) ?? blows[0]!
    let row = rows.get(blow.fault)
    if (!row)
      rows.set(
        blow.fault,
        (row = {
          fault: blow.fault,
          times: 0,
          requests: 0,
          refused: 0,
          failed: 0,
          accepted: 0,
          lost: 0,
          doubled: 0,
          stuck: 0,
          recoveryMs: [],
        }),
      )
    return { row, blow }
  }
  for (const blow of blows) {
    const { row } = rowOf(blow.atMs)
    row.times++
    const recovered = recoveryMs(ledger.asked, blow.atMs)
    if (recovered !== undefined) row.recoveryMs.push(recovered)
  }
  for (const call of ledger.calls) {
    const { row, blow } = rowOf(call.endedMs)
    row.requests++
    if (isRefused(call, blow)) row.refused++
    else if (isFailed(call)) row.failed++
    else if (isMutation(call)) row.accepted++
  }
  const ever = new Map<string, number>()
  for (const { name } of remains.everServers) ever.set(name, (ever.get(name) ?? 0) + 1)
  const living = new Map(remains.living.map((server) => [server.id, server]))
  const known = new Set(remains.everServers.map(({ id }) => id))
  for (const server of ledger.asked) {
    const { row } = rowOf(server.acceptedMs ?? server.askedMs)
    if ((ever.get(server.name) ?? 0) > 1) row.doubled++
    if (server.id === undefined) continue
    const there = living.get(server.id)
    const isLost = server.deleteAcceptedMs === undefined ? !there || !known.has(server.id) : there !== undefined && !isPending(server)
    if (isLost) row.lost++
    if (isPending(server) || (there && there.status !== 'ACTIVE')) row.stuck++
  }
  return [...rows.values()]
}

/** How long after a blow the last work that it interrupted was done; undefined when it interrupted none. */
function recoveryMs(asked: readonly Asked[], atMs: number): number | undefined {
  const ends = asked.flatMap((server) => {
    const building = server.acceptedMs !== undefined && server.acceptedMs <= atMs && (server.activeMs ?? Infinity) > atMs
    const deleting = server.deleteAcceptedMs !== undefined && server.deleteAcceptedMs <= atMs && (server.goneMs ?? Infinity) > atMs
    if (deleting) return [server.goneMs ?? Infinity]
    return building ? [server.activeMs ?? Infinity] : []
  })
  return ends.length > 0 ? Math.max(...ends) - atMs : undefined
}

/** Whether a row keeps the promise. */
export const keepsPromise = (row: Row): boolean => row.failed + row.lost + row.doubled + row.stuck === 0

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]

/** The rows as a table for people. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['fault', 'times', 'requests', 'refused', 'failed', 'accepted', 'lost', 'doubled', 'stuck', 'recovery p50/max ms']
  const lines = rows.map((row) => {
    const recovery = row.recoveryMs.length > 0 ? `${Math.round(median(row.recoveryMs)!)} / ${Math.round(Math.max(...row.recoveryMs))}` : '-'
    return [row.fault, row.times, row.requests, row.refused, row.failed, row.accepted, row.lost, row.doubled, row.stuck, recovery].map(
      String,
    )
  })
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]!.length)))
  const print = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  return [print(head), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(print)].join('\n')
}

import { durationOf, type Call } from './calls.ts'
import { downsIn, isSilenced } from './downs.ts'
import { builtMs, isPending, type Asked, type Ledger } from './ledger.ts'
import type { Remains } from './read-cloud.ts'

/** One blow as it fell: everything between it and the next one counts as its doing. */
export interface Blow {
  /** The name of its scenario. */
  readonly scenario: string
  readonly fault: string
  readonly target: string
  readonly atMs: number
  /** Whether requests may be refused with 503 and Retry-After meanwhile: what all instances need is itself down. */
  readonly mayRefuse: boolean
  /** Whether servers may end in ERROR meanwhile: there is no host for them. */
  readonly mayError?: boolean
  /** Whether what is struck may be taken for dead meanwhile. */
  readonly maySilence?: boolean
  /** Connections that still led to what was struck, some time after others had taken its place. */
  stale?: number
}

/** What came of one blow. */
export interface Round {
  /** The name of the scenario that struck; empty before the first blow. */
  readonly scenario: string
  readonly fault: string
  readonly target: string
  /** Since the drill began. */
  readonly atMs: number
  /** From the begin of the first request that failed or was refused to the begin of the last; 0 when there is none. */
  readonly downtimeMs: number
  /** Until all work that it interrupted had ended and new work was done; null when that never was. */
  readonly recoveryMs: number | null
  /** The longest time in which no change was acknowledged. */
  readonly gapMs: number
  /** How long the slowest request took, served or not. */
  readonly worstMs: number
  /** Connections that still led to what was struck, 5 s after others had taken its place; left out where nobody looked. */
  readonly stale?: number
  readonly requests: number
  /** Those of them that took more than five seconds, served or not. */
  readonly late: number
  /** Changes that were answered with success. */
  readonly acknowledged: number
  /** Answered with 503 and Retry-After where that is allowed. */
  readonly refused: number
  readonly failed: number
  /** Answered 401, though every token was good. */
  readonly denied: number
  /** Repeats of a request that were answered otherwise than the first time. */
  readonly unlike: number
  /** How often a service was taken for dead that was not struck. */
  readonly falseDowns: number
  /** Acknowledged and not done. */
  readonly lost: number
  /** Done more than once. */
  readonly doubled: number
  /** Not done, and not given up either. */
  readonly stuck: number
}

export const beforeFirst = '(before the first fault)'

const lateMs = 5_000

export const isSuccess = ({ status }: Call): boolean => status > 0 && status < 400
const isChange = (call: Call): boolean => call.method !== 'GET' && isSuccess(call)
const isRefused = (call: Call, blow: Blow): boolean => blow.mayRefuse && call.status === 503 && call.retryAfter

/**
 * Judges the whole drill: a round for each blow, after one for what was before the first. Times are the clock's; `beganMs` is when the
 * drill began.
 */
export function judge(ledger: Ledger, blows: readonly Blow[], { remains, beganMs }: { remains: Remains; beganMs: number }): Round[] {
  const begin: Blow = { scenario: '', fault: beforeFirst, target: '', atMs: beganMs, mayRefuse: false }
  const all = [begin, ...blows]
  const faults = faultsOf(ledger.asked, remains)
  const downs = downsIn(ledger.looks)
  return all.map((blow, index): Round => {
    const untilMs = all[index + 1]?.atMs ?? Infinity
    const isOwn = (atMs: number) => (index === 0 || atMs >= blow.atMs) && atMs < untilMs
    const calls = ledger.calls.filter((call) => isOwn(call.endedMs))
    const unserved = calls.filter((call) => !isSuccess(call))
    const refused = unserved.filter((call) => isRefused(call, blow)).length
    const own = faults.filter(({ one }) => isOwn(one.acceptedMs ?? one.askedMs))
    const count = (...whats: (keyof Faults)[]) => own.filter((is) => whats.some((what) => is[what])).length
    // Whoever was struck while it was built ended in ERROR by that blow, and not by the one before, in whose time it was asked for.
    const inError = faults.filter((is) => is.inError && isOwn(is.one.errorMs ?? is.one.acceptedMs ?? is.one.askedMs)).length
    return {
      ...{ scenario: blow.scenario, fault: blow.fault, target: blow.target, atMs: Math.round(blow.atMs - beganMs) },
      downtimeMs: downtimeOf(unserved, blow.atMs),
      recoveryMs: index === 0 ? 0 : recoveryOf(ledger.asked, blow.atMs, index === 1 ? -Infinity : all[index - 1]!.atMs),
      gapMs: gapOf(calls, blow.atMs),
      worstMs: Math.round(Math.max(0, ...calls.map(durationOf))),
      ...(blow.stale !== undefined && { stale: blow.stale }),
      requests: calls.length,
      late: calls.filter((call) => durationOf(call) > lateMs).length,
      acknowledged: calls.filter(isChange).length,
      refused,
      failed: unserved.length - refused,
      denied: calls.filter(({ status }) => status === 401).length,
      unlike: ledger.repeats.filter(({ first, again }) => isOwn(again.endedMs) && !isSame(first, again)).length,
      falseDowns: downs.filter((one) => isOwn(one.atMs) && !isSilenced(one, blow)).length,
      ...{ lost: count('lost'), doubled: count('doubled'), stuck: count('stuck') + (blow.mayError ? 0 : inError) },
    }
  })
}

/** Whether two answers are the same to the byte. */
export const isSame = (one: Call, other: Call): boolean => one.status === other.status && one.text === other.text

interface Faults {
  readonly lost: boolean
  readonly doubled: boolean
  readonly stuck: boolean
  readonly inError: boolean
}

/** What is wrong with each thing that was asked for. */
function faultsOf(asked: readonly Asked[], { living, everServers }: Remains): (Faults & { one: Asked })[] {
  const there = new Map(living.map((one) => [one.id, one]))
  const names = new Map<string, number>()
  for (const { name } of [...everServers, ...living.filter(({ kind }) => kind !== 'server')]) names.set(name, (names.get(name) ?? 0) + 1)
  return asked.map((one) => {
    const found = one.id === undefined ? undefined : there.get(one.id)
    const isMissing = one.id !== undefined && one.deleteAskedMs === undefined && !found
    const isStillThere = one.goneMs !== undefined && found !== undefined
    // What is deleted leaves no trace except as a server, so that its double is known by another id.
    const copies = names.get(one.name) ?? 0
    const isDeleted = one.kind !== 'server' && one.id !== undefined && !found
    const inError = found?.status === 'ERROR'
    const isHalfDone = one.kind === 'server' && found !== undefined && found.status !== 'ACTIVE' && !inError
    return { one, lost: isMissing || isStillThere, doubled: copies > (isDeleted ? 0 : 1), stuck: isPending(one) || isHalfDone, inError }
  })
}

// By their begin: a client that waits half a minute for a machine that is gone says nothing of those that ask later.
function downtimeOf(unserved: readonly Call[], atMs: number): number {
  if (unserved.length === 0) return 0
  const startsMs = unserved.map(({ startedMs }) => Math.max(startedMs, atMs))
  return Math.round(Math.max(...startsMs) - Math.min(...startsMs))
}

// From the blow to the first change, between two of them, and from the last one to the last answer of any kind.
function gapOf(calls: readonly Call[], atMs: number): number {
  const endsMs = calls.filter(isChange).map(({ endedMs }) => endedMs)
  const edges = [atMs, ...endsMs, Math.max(atMs, ...calls.map(({ endedMs }) => endedMs))].toSorted((a, b) => a - b)
  return Math.round(Math.max(...edges.slice(1).map((edge, index) => edge - edges[index]!)))
}

// What an earlier blow interrupted is that one's, and what never ends is stuck, not slow: neither counts here.
function recoveryOf(asked: readonly Asked[], atMs: number, previousMs: number): number | null {
  const spans = asked.flatMap((one) => [
    [one.acceptedMs, builtMs(one)],
    [one.deleteAcceptedMs, one.goneMs],
  ])
  const interrupted = spans.flatMap(([from = Infinity, to]) =>
    to !== undefined && from > previousMs && from <= atMs && to > atMs ? [to] : [],
  )
  const firstNewMs = Math.min(...asked.flatMap((one) => (isNewWork(one, atMs) ? [one.readyMs!] : [])))
  return Number.isFinite(firstNewMs) ? Math.round(Math.max(firstNewMs, ...interrupted) - atMs) : null
}

/** Whether it is a server that was asked for and built after this moment. */
export const isNewWork = (one: Asked, atMs: number): boolean => one.kind === 'server' && one.askedMs >= atMs && one.readyMs !== undefined

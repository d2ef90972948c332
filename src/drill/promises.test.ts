import { expect, test } from 'vitest'
import type { Call } from './calls.ts'
import type { Round } from './judge.ts'
import { promisesOf } from './promises.ts'
import type { Totals } from './report.ts'
import { cutting, quick, refusing, unnoticed } from './scenarios/scenario.ts'
import { isClean, rowsOf, tableOf } from './table.ts'
import { timelineOf } from './timeline.ts'

const round = (more: Partial<Round> = {}): Round => ({
  ...{
    scenario: 'kill-controller',
    fault: 'kill -9',
    target: 'controller-1',
    atMs: 0,
    downtimeMs: 0,
    recoveryMs: 900,
    requests: 20,
    acknowledged: 10,
  },
  ...{ refused: 0, failed: 0, denied: 0, unlike: 0, falseDowns: 0, lost: 0, doubled: 0, stuck: 0, gapMs: 300, worstMs: 400, late: 0 },
  ...more,
})
const totals = (more: Partial<Totals> = {}): Totals => ({
  ...{ attempted: 20, acknowledged: 20, changes: 10, failed: 0, refused: 0, denied: 0, unlike: 0 },
  ...{ falseDowns: 0, lost: 0, doubled: 0, stuck: 0, orphaned: 0 },
  ...more,
})
const before = round({ fault: '(before the first fault)', target: '', recoveryMs: 0 })
const broken = (...args: Parameters<typeof promisesOf>) => promisesOf(...args).flatMap(({ name, kept }) => (kept ? [] : [name]))

test('a drill in which nothing is wrong keeps every promise', () => {
  expect(broken(totals(), before, [{ round: round(), limits: unnoticed }])).toEqual([])
})

test.each(['lost', 'doubled', 'stuck', 'orphaned', 'denied', 'unlike'] as const)(
  'one thing %s breaks a promise, whatever the fault',
  (name) => {
    expect(broken(totals({ [name]: 1 }), before, [{ round: round(), limits: cutting }])).toEqual([name])
  },
)

test('a request may fail only where the fault cuts connections', () => {
  const failing = round({ failed: 3, downtimeMs: 800 })
  expect(broken(totals({ failed: 3 }), before, [{ round: failing, limits: cutting }])).toEqual([])
  expect(broken(totals({ failed: 3 }), before, [{ round: failing, limits: refusing }])).toEqual(['failed'])
  expect(broken(totals({ failed: 1 }), round({ failed: 1 }), [{ round: round(), limits: cutting }])).toEqual(['failed'])
})

test('a service may be taken for dead only where the fault silences more than what it strikes', () => {
  const silent = round({ falseDowns: 2 })
  expect(broken(totals({ falseDowns: 2 }), before, [{ round: silent, limits: cutting }])).toEqual([])
  expect(broken(totals({ falseDowns: 2 }), before, [{ round: silent, limits: unnoticed }])).toEqual(['falseDowns'])
  expect(broken(totals({ falseDowns: 1 }), round({ falseDowns: 1 }), [{ round: round(), limits: cutting }])).toEqual(['falseDowns'])
})

test('of several rounds the one that is furthest beyond its own limit is shown', () => {
  const slow = { round: round({ recoveryMs: 40_000 }), limits: refusing }
  const slower = { round: round({ recoveryMs: 35_000 }), limits: unnoticed }
  const shown = promisesOf(totals(), before, [slow, slower]).find(({ name }) => name === 'recoveryMs')
  expect(shown).toEqual({ name: 'recoveryMs', kept: false, figure: 35_000, limit: 30_000 })
})

test('how long clients wait, and connections that stay behind, are promised only where a scenario says so', () => {
  const slow = round({ worstMs: 5001, gapMs: 9000, stale: 1 })
  expect(broken(totals(), before, [{ round: slow, limits: unnoticed }])).toEqual([])
  expect(broken(totals(), before, [{ round: slow, limits: quick }])).toEqual(['worstMs'])
  expect(broken(totals(), before, [{ round: slow, limits: { ...unnoticed, gapMs: 8999, stale: 0 } }])).toEqual(['gapMs', 'stale'])
})

test('what never recovers keeps no promise, and the table says never', () => {
  const rounds = [round(), round({ recoveryMs: null })]
  expect(broken(totals(), before, [{ round: rounds[1]!, limits: unnoticed }])).toEqual(['recoveryMs'])
  const rows = rowsOf({ before, rounds })
  expect(rows.map(isClean)).toEqual([true, false])
  expect(tableOf(rows)).toMatch(/kill -9 controller-1 +2 +40 +0 +0 +20 +0 +0 +0 +900 \/ never/)
})

test('the timeline has the requests in the second in which they began', () => {
  const call = (startedMs: number, tookMs: number, status = 200): Call => ({
    ...{ method: 'GET', path: '/', startedMs, endedMs: startedMs + tookMs, status, retryAfter: false, headers: {}, body: {}, text: '{}' },
  })
  expect(timelineOf([call(5100, 20), call(5900, 3000, 0), call(7000, 10)], 5000)).toEqual([
    { atMs: 0, requests: 2, succeeded: 1, p50Ms: 20, p99Ms: 3000 },
    { atMs: 2000, requests: 1, succeeded: 1, p50Ms: 10, p99Ms: 10 },
  ])
})

import { expect, test } from 'vitest'
import type { Round } from '../../src/drill/judge.ts'
import { promiseLines, promiseTable } from './promise-table.ts'
import type { Told } from './seen.ts'

const round = (scenario: string, more: Partial<Round> = {}): Round => ({
  ...{ scenario, fault: 'a fault', target: 'a target', atMs: 0, downtimeMs: 0, recoveryMs: 900, gapMs: 400, worstMs: 300, late: 0 },
  ...{ requests: 20, acknowledged: 10, refused: 0, failed: 0, denied: 0, unlike: 0, falseDowns: 0, lost: 0, doubled: 0, stuck: 0 },
  ...more,
})
const drilled = (cloud: Told['cloud'], rounds: Round[], orphaned = 0): Told => ({
  cloud,
  report: {
    before: round(''),
    rounds,
    latencyMs: { p50: 10, p99: 200, max: 300 },
    totals: {
      ...{ attempted: 20, acknowledged: 20, changes: 10, failed: 0, refused: 0, denied: 0, unlike: 0, falseDowns: 0 },
      ...{ lost: 0, doubled: 0, stuck: 0, orphaned },
    },
  },
})
const stateOf = (number: number, ...told: Told[]) => promiseLines(told).find((one) => one.number === String(number))!.state
const brokenBy = (...told: Told[]) => promiseLines(told).flatMap(({ number, state }) => (state === 'BROKEN' ? [number] : []))

test('a promise whose scenarios did not fall is not run, one that tests show is by tests', () => {
  expect(stateOf(14, drilled('galera', [round('kill-controller')]))).toBe('not run')
  expect(stateOf(3)).toBe('by tests')
  expect(promiseTable(promiseLines([]))).toMatch(/^ 1 {2}not run {3}\S/)
})

test.each([
  [{ stuck: 1 }, ['1', '2']],
  [{ recoveryMs: null }, ['1', '2']],
  [{ recoveryMs: 15_001 }, ['2']],
  [{ doubled: 1 }, ['4']],
  [{ worstMs: 5001 }, ['']],
  [{ lost: 1 }, ['']],
] as const)('%j after a controller was killed breaks what it should', (more, numbers) => {
  expect(brokenBy(drilled('galera', [round('kill-controller', more)]))).toEqual(numbers)
})

test('writes may be away for longer on Patroni than on Galera', () => {
  const away = round('freeze-writer', { gapMs: 12_000 })
  expect(brokenBy(drilled('patroni', [away]))).toEqual([])
  expect(brokenBy(drilled('galera', [away]))).toEqual(['7'])
  expect(brokenBy(drilled('patroni', [round('freeze-writer', { stale: 1 })]))).toEqual(['7'])
  expect(brokenBy(drilled('patroni', [round('kill-writer', { refused: 1 })]))).toEqual(['7'])
})

test('one request in a hundred may be late while a host is cut off, and more only where that was the primary of Patroni', () => {
  const cut = (late: number, fault = 'isolate') => round('isolate-host', { requests: 100, late, fault })
  expect(brokenBy(drilled('galera', [cut(2), cut(0)]))).toEqual([])
  expect(brokenBy(drilled('galera', [cut(3, 'isolate writer'), cut(0)]))).toEqual(['6'])
  expect(brokenBy(drilled('patroni', [cut(1), cut(30, 'isolate writer')]))).toEqual([])
  expect(brokenBy(drilled('patroni', [cut(2)]))).toEqual(['6'])
  // Among other blows it falls once: that is too little to tell.
  expect(brokenBy(drilled('patroni', [cut(2), round('kill-agent')]))).toEqual([])
})

test('an orphan of any drill breaks its promise, and an outage of everything has three minutes', () => {
  expect(brokenBy(drilled('embedded', [round('kill-agent')], 1))).toEqual(['10'])
  expect(brokenBy(drilled('patroni', [round('all-off', { gapMs: 180_001, failed: 3 })]))).toEqual(['14'])
  expect(brokenBy(drilled('patroni', [round('kill-all-databases', { refused: 9 })]))).toEqual([])
  expect(brokenBy(drilled('patroni', [round('kill-all-databases', { lost: 1 })]))).toEqual(['9'])
})

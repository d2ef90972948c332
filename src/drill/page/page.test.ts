import { expect, test } from 'vitest'
import type { Round } from '../judge.ts'
import type { Report } from '../report.ts'
import { pageOf } from './page.ts'

const round = (more: Partial<Round>): Round => ({
  ...{
    scenario: 'kill-controller',
    fault: 'kill -9',
    target: 'controller-1',
    atMs: 2000,
    downtimeMs: 0,
    recoveryMs: 1234,
    requests: 60,
    acknowledged: 30,
  },
  ...{ refused: 0, failed: 0, denied: 0, unlike: 0, falseDowns: 0, lost: 0, doubled: 0, stuck: 0, gapMs: 300, worstMs: 400, late: 0 },
  ...more,
})
const report: Report = {
  ...{ scenario: 'kill-any', seed: 7, startedAt: '2026-01-02T03:04:05.000Z', lastedMs: 12_000 },
  cloud: { kind: 'embedded', database: 'postgresql', messaging: 'rabbitmq' },
  totals: {
    ...{ attempted: 12_345, acknowledged: 12_340, changes: 6000, failed: 5, refused: 0, denied: 0, unlike: 0, falseDowns: 0 },
    ...{ lost: 1, doubled: 0, stuck: 0, orphaned: 1 },
  },
  latencyMs: { p50: 20, p99: 800, max: 2400 },
  before: round({ fault: '(before the first fault)', target: '', atMs: 0, recoveryMs: 0 }),
  rounds: [round({}), round({ fault: 'SIGSTOP <b>', target: '"x" & y', atMs: 7000, recoveryMs: null, lost: 1 })],
  promises: [
    { name: 'lost', kept: false, figure: 1, limit: 0 },
    { name: 'recoveryMs', kept: false, figure: null, limit: 30_000 },
  ],
  orphans: ['port p1 belongs to <script>alert(1)</script>, which is gone'],
  notes: [],
  timeline: Array.from({ length: 12 }, (_, second) => ({
    atMs: second * 1000,
    requests: 20,
    succeeded: second === 7 ? 15 : 20,
    p50Ms: 20,
    p99Ms: 800,
  })),
}

test('the page needs nothing from elsewhere and runs no script', () => {
  const page = pageOf(report)
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:/)
  expect(page).toMatch(/^<!doctype html>/)
  expect(page).toContain('prefers-color-scheme: dark')
})

test('the page shows what happened as a picture and in words', () => {
  const page = pageOf(report)
  expect(page).toContain('A promise was broken')
  expect(page).toContain('never ended')
  expect(page.match(/class="mark"/g)).toHaveLength(2)
  expect(page).toMatch(/<svg[^]*role="img"[^]*<title/)
  expect(page.match(/<tr><td class="n">\d+<\/td><td class="n">20<\/td>/g)).toHaveLength(12)
  expect(pageOf({ ...report, promises: [] })).toContain('All promises were kept')
})

test('the page shows names as text, whatever they are', () => {
  const page = pageOf(report)
  expect(page).toContain('SIGSTOP &#60;b&#62;')
  expect(page).toContain('&#34;x&#34; &#38; y')
})

test('no number of the picture is missing, also when nothing was struck', () => {
  expect(pageOf(report)).not.toMatch(/NaN|Infinity|undefined/)
  expect(pageOf({ ...report, rounds: [], timeline: [], lastedMs: 0 })).not.toMatch(/NaN|Infinity|undefined/)
})

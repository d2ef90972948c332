import { expect, test } from 'vitest'
import { textOf, thinned } from './kept.ts'

const second = (index: number) => ({
  atMs: index * 1000,
  requests: 10,
  succeeded: index % 7 === 0 ? 9 : 10,
  p50Ms: index,
  p99Ms: index * 2,
})

test('a long drill is kept in few samples, without losing a request or the worst of them', () => {
  const seconds = Array.from({ length: 1001 }, (_, index) => second(index))
  const few = thinned(seconds)
  expect(few.length).toBeLessThanOrEqual(30)
  for (const key of ['requests', 'succeeded'] as const)
    expect(few.reduce((sum, one) => sum + one[key], 0)).toBe(seconds.reduce((sum, one) => sum + one[key], 0))
  expect(few.at(-1)).toMatchObject({ atMs: 1_000_000, p50Ms: 1000, p99Ms: 2000 })
  expect(thinned(seconds.slice(0, 20))).toEqual(seconds.slice(0, 20))
  expect(thinned([])).toEqual([])
})

test('a record is JSON with a line for each sample', () => {
  const record = { cloud: 'galera', drills: [{ notes: ['a {b} [c]\n  d'], timeline: [second(1), second(2)] }] } as unknown as Parameters<
    typeof textOf
  >[0]
  const text = textOf(record)
  expect(JSON.parse(text)).toEqual(record)
  expect(text.split('\n').filter((line) => line.includes('"atMs"'))).toHaveLength(2)
})

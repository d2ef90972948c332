import { expect, test } from 'vitest'
import { openHearing } from './hearing.ts'

test('a conductor hears while words come, and not because a connection is up', () => {
  let nowMs = 0
  let healthy = true
  const clock = { now: () => new Date(0), monotonicMs: () => nowMs, sleep: async () => {} }
  const hearing = openHearing({ clock, messaging: { healthy: () => healthy } as never }, 'c1')
  expect(hearing.hears()).toBe(false)
  hearing.heard()
  expect(hearing.hears()).toBe(true)
  healthy = false
  expect(hearing.hears()).toBe(false)
  healthy = true
  nowMs = 5001
  expect(hearing.hears()).toBe(false)
})

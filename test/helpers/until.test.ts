import { expect, test } from 'vitest'
import { until } from './until.ts'

test('returns what the condition gives once it is true', async () => {
  let looks = 0
  expect(await until(() => (++looks >= 3 ? `after ${looks}` : false), { everyMs: 1 })).toBe('after 3')
})

test('a condition that throws is looked at again', async () => {
  let looks = 0
  const value = await until(
    async () => {
      if (++looks < 3) throw new Error('not yet')
      return looks
    },
    { everyMs: 1 },
  )
  expect(value).toBe(3)
})

test('gives up with what was seen last', async () => {
  await expect(until(() => 0, { timeoutMs: 30, what: 'a server' })).rejects.toThrow(/gave up waiting for a server after 30 ms.*it gave 0/)
  await expect(until(() => Promise.reject(new Error('refused')), { timeoutMs: 30 })).rejects.toThrow(/it threw.*refused/s)
})

test('cuts off a look that never ends', async () => {
  await expect(until(() => new Promise<never>(() => {}), { timeoutMs: 30, what: 'an answer' })).rejects.toThrow(/did not end in time/)
})

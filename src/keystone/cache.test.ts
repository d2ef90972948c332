import { expect, test } from 'vitest'
import { openCache } from './cache.ts'

test('one look-up serves all who ask within its life', async () => {
  const cache = openCache<number>({ lifeMs: 500, maxEntries: 10 })
  let looks = 0
  const look = async () => ++looks
  expect(await Promise.all([cache.get('a', 0, look), cache.get('a', 499, look)])).toEqual([1, 1])
  expect(await cache.get('a', 500, look)).toBe(2)
})

test('a failure is not kept', async () => {
  const cache = openCache<string>({ lifeMs: 500, maxEntries: 10 })
  await expect(cache.get('a', 0, () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(await cache.get('a', 1, async () => 'up')).toBe('up')
})

test('what was asked before everything was forgotten is not kept', async () => {
  const cache = openCache<string>({ lifeMs: 500, maxEntries: 10 })
  let answer: ((text: string) => void) | undefined
  const early = cache.get('a', 0, () => new Promise((resolve) => (answer = resolve)))
  cache.clear()
  expect(await cache.get('a', 1, async () => 'new')).toBe('new')
  answer!('old')
  expect(await early).toBe('old')
  expect(await cache.get('a', 2, async () => 'newer')).toBe('new')
})

test('the oldest makes room', async () => {
  const cache = openCache<string>({ lifeMs: 500, maxEntries: 2 })
  for (const key of ['a', 'b', 'c']) await cache.get(key, 0, async () => key)
  expect(await cache.get('a', 1, async () => 'again')).toBe('again')
  expect(await cache.get('c', 1, async () => 'again')).toBe('c')
})

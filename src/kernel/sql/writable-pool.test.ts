import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openWritablePool, type DatabaseHost, type PoolDriver } from './writable-pool.ts'

type Answer = 'writable' | 'read-only' | 'silent' | 'lost'

/** Hosts by their answers, and pools that are named after theirs. */
function world(answers: Record<string, Answer>) {
  let nowMs = 0
  const hosts = Object.keys(answers).map((host): DatabaseHost => ({ host, port: 1 }))
  const [opened, retired, closed]: [string[], string[], string[]] = [[], [], []]
  const driver: PoolDriver<{ host: string }> = {
    open: ({ host }) => (opened.push(host), { host }),
    verify: async ({ host }) => {
      if (answers[host] === 'silent') return new Promise(() => {})
      if (answers[host] === 'read-only') throw new Error(`${host} is a read-only standby`)
    },
    retire: ({ host }) => void retired.push(host),
    close: async ({ host }) => {
      if (answers[host] === 'silent') return new Promise(() => {})
      if (answers[host] === 'lost') throw new Error(`${host} breaks while it is bid farewell`)
      closed.push(host)
    },
    abandon: ({ host }) => void closed.push(host),
  }
  const sleep = async (_: number, signal?: AbortSignal) => {
    await setImmediate()
    signal?.throwIfAborted()
  }
  const pools = openWritablePool(hosts, driver, { monotonicMs: () => nowMs, sleep })
  return { passMs: (ms: number) => (nowMs += ms), answers, opened, retired, closed, pools, host: async () => (await pools.current()).host }
}

test('the first host that takes writes is used, and nobody else is asked', async () => {
  const { opened, host } = world({ a: 'writable', b: 'writable' })
  expect([await host(), await host()]).toEqual(['a', 'a'])
  expect(opened).toEqual(['a'])
})

test.each<Answer>(['read-only', 'silent'])('one that is %s is passed over', async (answer) => {
  const { host } = world({ a: answer, b: 'writable' })
  expect(await host()).toBe('b')
})

test('many that lose the same host at once find the same next one', async () => {
  const { answers, opened, pools } = world({ a: 'writable', b: 'writable', c: 'writable' })
  const before = await Promise.all([1, 2, 3, 4, 5].map(async () => pools.current()))
  answers.a = 'silent'
  const after = await Promise.all(
    before.map(async (pool) => {
      pools.leave(pool)
      return pools.current()
    }),
  )
  expect(new Set(after.map(({ host }) => host))).toEqual(new Set(['b']))
  expect(opened).toEqual(['a', 'a', 'b'])
})

test('one that says it is well and can not work is asked last the next time', async () => {
  const { pools, host } = world({ a: 'writable', b: 'writable' })
  pools.leave(await pools.current(), { forAnother: true })
  expect(await host()).toBe('b')
  pools.leave(await pools.current())
  expect(await host()).toBe('a')
})

test('without a host that takes writes it says why, and looks again when it is asked again', async () => {
  const { answers, pools, host } = world({ a: 'read-only', b: 'read-only' })
  await expect(pools.current()).rejects.toMatchObject({
    errors: [{ message: 'a is a read-only standby' }, { message: 'b is a read-only standby' }],
  })
  answers.b = 'writable'
  expect(await host()).toBe('b')
})

test('what was given up is closed once, and nothing is opened after the end', async () => {
  const { closed, pools } = world({ a: 'writable' })
  const pool = await pools.current()
  pools.leave(pool)
  pools.leave(pool)
  expect(closed).toEqual(['a'])
  await pools.current()
  await pools.end()
  expect(closed).toEqual(['a', 'a'])
  await expect(pools.current()).rejects.toThrow('the pool is closed')
})

test('whoever had to leave the first host goes back to it once it takes writes again, and breaks nothing', async () => {
  const { answers, retired, closed, passMs, pools, host } = world({ a: 'writable', b: 'writable' })
  const first = await pools.current()
  answers.a = 'read-only'
  pools.leave(first)
  expect(await host()).toBe('b')
  const goesBack = async () => {
    passMs(10_000)
    const had = await host()
    await setImmediate()
    return [had, await host()]
  }
  expect(await goesBack()).toEqual(['b', 'b'])
  answers.a = 'writable'
  expect(await host()).toBe('b')
  expect(await goesBack()).toEqual(['b', 'a'])
  expect(retired).toEqual(['b'])
  await expect.poll(() => closed).toEqual(['a', 'a', 'a', 'b'])
})

test('a host that fell silent keeps neither the pool that was left behind, nor the end', async () => {
  const { answers, closed, passMs, pools, host } = world({ a: 'read-only', b: 'writable' })
  expect(await host()).toBe('b')
  Object.assign(answers, { a: 'writable', b: 'silent' })
  passMs(10_000)
  await host()
  await expect.poll(() => closed).toEqual(['a', 'b'])
  answers.a = 'silent'
  await pools.end()
  expect(closed).toEqual(['a', 'b', 'a'])
})

test('a pool that is left behind, and breaks while it is closed, is cut, and nobody hears of it', async () => {
  const { answers, closed, passMs, host } = world({ a: 'read-only', b: 'writable' })
  expect(await host()).toBe('b')
  Object.assign(answers, { a: 'writable', b: 'lost' })
  passMs(10_000)
  await host()
  await expect.poll(() => closed).toEqual(['a', 'b'])
  expect(await host()).toBe('a')
})

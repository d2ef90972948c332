import { expect, test } from 'vitest'
import { type Clock } from './clock.ts'
import { eventually } from './eventually.ts'

/** A clock that only sleeping moves. */
function sleepingClock(): Clock {
  let nowMs = 0
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      nowMs += ms
    },
  }
}

test('the first answer is given, and 0 and the empty text are some', async () => {
  const answers = [undefined, false, 0, 7] as const
  let looks = 0
  expect(await eventually({ clock: sleepingClock() }, () => answers[looks++], { timeoutMs: 1000 })).toBe(0)
  expect(looks).toBe(3)
  expect(await eventually({ clock: sleepingClock() }, async () => '', { timeoutMs: 0 })).toBe('')
})

test('when the time is up there is no answer, after a last look', async () => {
  const clock = sleepingClock()
  const looksAt: number[] = []
  const look = () => looksAt.push(clock.monotonicMs()) < 0
  expect(await eventually({ clock }, look, { timeoutMs: 100, everyMs: 50 })).toBe(undefined)
  expect(looksAt).toEqual([0, 50, 100])
})

test('a look that fails, and a signal, end it', async () => {
  const clock = sleepingClock()
  await expect(eventually({ clock }, () => Promise.reject(new Error('no')), { timeoutMs: 100 })).rejects.toThrow('no')
  await expect(eventually({ clock, signal: AbortSignal.abort(new Error('ended')) }, () => false, { timeoutMs: 100 })).rejects.toThrow(
    'ended',
  )
})

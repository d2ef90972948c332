import { expect, test } from 'vitest'
import { againAndAgain } from './again-and-again.ts'
import { systemClock } from './clock.ts'

test('it acts again after each pause, and ends what is under way before it has stopped', async () => {
  const told: string[] = []
  let pause = () => {}
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        told.push(`sleeps ${ms}`)
        pause = resolve
        if (signal?.aborted) reject(new Error('stopped'))
        else signal?.addEventListener('abort', () => reject(new Error('stopped')))
      }),
  }
  let turns = 0
  let end = () => {}
  const running = againAndAgain(
    { clock },
    () => 10 * turns,
    async () => {
      told.push(`acts ${++turns}`)
      if (turns === 3) await new Promise<void>((resolve) => (end = resolve))
    },
  )
  const turn = async () => {
    await new Promise(setImmediate)
    pause()
    await new Promise(setImmediate)
  }
  await turn()
  await turn()
  expect(told).toEqual(['acts 1', 'sleeps 10', 'acts 2', 'sleeps 20', 'acts 3'])
  const stopped = running.stop().then(() => told.push('stopped'))
  await new Promise(setImmediate)
  expect(told.at(-1)).toBe('acts 3')
  end()
  await stopped
  expect(told.slice(5)).toEqual(['sleeps 30', 'stopped'])
})

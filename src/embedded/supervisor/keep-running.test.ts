import { expect, test } from 'vitest'
import { until } from '../../../test/helpers/until.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { keepRunning, pauseAfter } from './keep-running.ts'
import type { Part, Running } from './part.ts'

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
const ctx = { clock: systemClock, log }

interface Life {
  end(why: string): void
}

/** A part whose lives end when the test says so. */
function aPart(start: (life: number) => Promise<void> = async () => {}): Part & { readonly lives: Life[] } {
  const lives: Life[] = []
  return {
    lives,
    name: 'part',
    roles: [],
    recipe: '',
    single: false,
    async start(): Promise<Running> {
      await start(lives.length)
      const { promise, resolve } = Promise.withResolvers<string>()
      lives.push({ end: resolve })
      return { pid: 0, ports: {}, exited: promise, stop: async () => resolve('stopped') }
    },
  }
}

test('the first death is answered at once, later ones with pauses that double up to five seconds', () => {
  expect([1, 2, 3, 4, 7, 20].map(pauseAfter)).toEqual([0, 100, 200, 400, 3200, 5000])
})

test('a part that ends is started again, until it is stopped', async () => {
  const part = aPart()
  const states: string[] = []
  const kept = keepRunning(ctx, part, () => states.push(kept.state()))
  await kept.started
  part.lives[0]!.end('killed')
  await until(() => part.lives.length === 2 && kept.state() === 'running')
  await kept.stop()
  expect(part.lives.length).toBe(2)
  expect(states).toEqual(['running', 'restarting', 'running', 'stopping', 'dead'])
})

test('a part whose first start fails is not tried again', async () => {
  let starts = 0
  const kept = keepRunning(
    ctx,
    aPart(async () => {
      starts++
      throw new Error('the port is taken')
    }),
    () => {},
  )
  await expect(kept.started).rejects.toThrow('the port is taken')
  await kept.stop()
  expect(starts).toBe(1)
})

test('a part that can not be started again at first is tried again', async () => {
  let failures = 2
  const part = aPart(async (life) => {
    if (life > 0 && failures-- > 0) throw new Error('not yet')
  })
  const kept = keepRunning(ctx, part, () => {})
  await kept.started
  part.lives[0]!.end('killed')
  await until(() => part.lives.length === 2)
  await kept.stop()
})

test('a part that is stopped while it starts ends as soon as it has started', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const part = aPart(async () => promise)
  const kept = keepRunning(ctx, part, () => {})
  const stopped = kept.stop()
  resolve()
  await stopped
  expect(kept.state()).toBe('dead')
})

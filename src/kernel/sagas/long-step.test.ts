import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { databases } from '../../../test/helpers/a-context.ts'
import { aSagaWorld, note, notesOf, type SagaWorld } from '../../../test/helpers/saga-world.ts'
import { until } from '../../../test/helpers/until.ts'
import { conflict } from '../errors.ts'
import { transaction } from '../sql/transaction.ts'
import { registryOf, saga, type LongStep, type SagaDefinition } from './saga.ts'
import { startSaga, turnSagaBack } from './start.ts'
import { openWorker } from './worker.ts'
import type { Context } from '../context.ts'

/** A saga with one long step between two that leave notes. */
const fetching = (act: LongStep<any>['act']): SagaDefinition =>
  saga<any>(
    'test.fetching',
    { deadlineSeconds: 60, failed: async (ctx, tx, work, fault) => note(ctx, tx, work.subject, `failed: ${fault.message}`) },
    [
      { name: 'begin', role: 'hand', run: async () => {}, undo: async (ctx, tx, work) => note(ctx, tx, work.subject, 'undid begin') },
      { name: 'fetch', role: 'hand', act, undo: async (ctx, tx, work) => note(ctx, tx, work.subject, 'undid fetch') },
      { name: 'keep', role: 'hand', run: async (ctx, tx, work) => note(ctx, tx, work.subject, `kept ${work.results.fetch}`) },
    ],
  )

describe.each(databases)('a long step on %s', (database) => {
  let world: SagaWorld
  beforeEach(async () => {
    world = await aSagaWorld(database)
  })
  afterEach(() => world.close())
  const start = (definition: SagaDefinition) =>
    transaction(world.ctx, 'start', (tx) => startSaga(world.ctx, tx, definition, { subject: 's', input: {} }))
  const ended = (state: string) =>
    until(async () => (await world.sagaOf('s'))?.state === state, { what: `it to be ${state}`, timeoutMs: 30_000 })
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  test('is done once, though it takes longer than a claim lasts by itself', async () => {
    let runs = 0
    const definition = fetching(async (ctx: Context) => {
      await ctx.clock.sleep(3000)
      return ++runs
    })
    await Promise.all([world.worker([definition], ['hand']), world.worker([definition], ['hand'])])
    await start(definition)
    await ended('done')
    expect([runs, await notesOf(world.ctx, 's')]).toEqual([1, ['kept 1']])
  })

  test('whose worker freezes is done by another one, and what the first brings when it thaws is void', async () => {
    const thaw = Promise.withResolvers<void>()
    let begun = 0
    const { clock } = world.ctx
    const freezing = { ...clock, sleep: (ms: number, signal?: AbortSignal) => (begun > 0 ? thaw.promise : clock.sleep(ms, signal)) }
    const slow = fetching(async () => {
      begun++
      await thaw.promise
      return 'the first'
    })
    const engine = { registry: registryOf([slow]), roles: new Set(['hand']), takesReports: false }
    const first = await openWorker({ ...world.ctx, clock: freezing }, engine)
    await start(slow)
    await until(() => begun === 1)
    await world.worker([fetching(async () => 'the second')], ['hand'])
    await ended('done')
    thaw.resolve()
    await first.stop()
    expect((await world.sagaOf('s'))!.results_json.fetch).toBe('the second')
    expect([begun, await notesOf(world.ctx, 's')]).toEqual([1, ['kept the second']])
  })

  test('that refuses turns the saga back; one that fails is tried again', async () => {
    let tries = 0
    const definition = fetching(async () => {
      if (++tries < 3) throw new Error('an outage')
      throw conflict('not to be had')
    })
    await world.worker([definition], ['hand'])
    await start(definition)
    await ended('undone')
    expect([tries, await notesOf(world.ctx, 's')]).toEqual([3, ['failed: not to be had', 'undid begin', 'undid fetch']])
  })

  test('is told to stop when its saga is turned back', async () => {
    const acting = Promise.withResolvers<void>()
    const stopped = Promise.withResolvers<string>()
    const definition = fetching(async (_ctx, _work, signal) => {
      acting.resolve()
      return untilAborted(signal).catch((error: Error) => {
        stopped.resolve(error.name)
        throw error
      })
    })
    await world.worker([definition], ['hand'])
    await start(definition)
    await acting.promise
    const back = () =>
      transaction(world.ctx, 'back', (tx) => turnSagaBack(world.ctx, tx, 's', { kind: 'gone', message: 'nobody wants it' }))
    await back()
    await ended('undone')
    await back()
    expect(await stopped.promise).toBe('Stale')
    expect(await notesOf(world.ctx, 's')).toEqual(['failed: nobody wants it', 'undid begin', 'undid fetch'])
  })

  test('is left to others when its process ends', async () => {
    let runs = 0
    const acting = Promise.withResolvers<void>()
    const definition = fetching(async (_ctx, _work, signal) => {
      if (++runs > 1) return 'whole'
      acting.resolve()
      return untilAborted(signal)
    })
    const first = await world.worker([definition], ['hand'])
    await start(definition)
    await acting.promise
    await first.stop()
    await world.worker([definition], ['hand'])
    await ended('done')
    expect(await notesOf(world.ctx, 's')).toEqual(['kept whole'])
  })
})

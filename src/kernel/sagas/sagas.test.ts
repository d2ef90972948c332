import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases } from '../../../test/helpers/a-context.ts'
import { aSagaWorld, note, notesOf, type SagaWorld } from '../../../test/helpers/saga-world.ts'
import { until } from '../../../test/helpers/until.ts'
import { conflict } from '../errors.ts'
import { transaction } from '../sql/transaction.ts'
import { saga, type SagaDefinition } from './saga.ts'
import { startSaga, supersedeSaga } from './start.ts'

const write = (name: string, role = 'hand') => ({
  name,
  role,
  run: async (ctx: any, tx: any, work: any) => {
    await note(ctx, tx, work.subject, `did ${name}`)
    return { by: name }
  },
  undo: async (ctx: any, tx: any, work: any) => note(ctx, tx, work.subject, `undid ${name}`),
})

const refusing = (name: string) => ({
  name,
  role: 'hand',
  run: async () => {
    throw conflict('no room')
  },
})

const simple = saga('test.simple', { deadlineSeconds: 60 }, [write('one'), write('two', 'chief'), write('three')])
const failing = saga(
  'test.failing',
  { deadlineSeconds: 60, failed: async (ctx, tx, work, fault) => note(ctx, tx, work.subject, `failed: ${fault.message}`) },
  [write('one'), write('two', 'chief'), refusing('three')],
)
const bricks = saga<any>('test.bricks', { deadlineSeconds: 60 }, [
  write('choose'),
  {
    name: 'lay',
    role: 'chief',
    order: {
      prepare: async (_ctx, _tx, work) => ({ mailbox: work.input.host, body: { brick: work.subject } }),
      report: async (ctx, tx, work, result) => {
        await note(ctx, tx, work.subject, 'laid')
        return result
      },
      refused: async (_ctx, _tx, work) => (work.input.again ? { backTo: 'choose' } : undefined),
    },
    undoOrder: { prepare: async (_ctx, _tx, work) => ({ mailbox: work.input.host, body: { remove: work.subject } }) },
  },
  write('paint'),
])
const wreck = saga('test.wreck', { deadlineSeconds: 60 }, [write('wreck')])
const late = saga('test.late', { deadlineSeconds: 0 }, [write('never')])
const all: SagaDefinition[] = [simple, failing, bricks, wreck, late]

describe.each(databases)('sagas on %s', (database) => {
  let world: SagaWorld
  beforeAll(async () => {
    world = await aSagaWorld(database)
    await Promise.all([world.worker(all, ['hand', 'chief']), world.worker(all, ['hand', 'chief'])])
  })
  afterAll(() => world.close())
  const start = (definition: SagaDefinition, subject: string, input: unknown = {}) =>
    transaction(world.ctx, 'start', (tx) => startSaga(world.ctx, tx, definition, { subject, input }))
  const ended = (subject: string, state: string) =>
    until(async () => (await world.sagaOf(subject))?.state === state, { what: `${subject} to be ${state}` })

  test('go through their steps, each once, whoever of two workers takes them', async () => {
    const subjects = Array.from({ length: 20 }, (_, index) => `simple-${index}`)
    await Promise.all(subjects.map((subject) => start(simple, subject)))
    for (const subject of subjects) {
      await ended(subject, 'done')
      expect(await notesOf(world.ctx, subject)).toEqual(['did one', 'did three', 'did two'])
    }
    expect((await world.sagaOf('simple-0'))!.results_json).toEqual({ one: { by: 'one' }, two: { by: 'two' }, three: { by: 'three' } })
  })

  test("do not wait for a time that is far ahead because the database's clock was set back", async () => {
    await transaction(world.ctx, 'start', async (tx) => {
      await startSaga(world.ctx, tx, simple, { subject: 'dated ahead', input: {} })
      await tx
        .updateTable('kernel_sagas')
        .set({ due_at: world.ctx.dialect.fromNow(60) })
        .where('subject', '=', 'dated ahead')
        .execute()
    })
    await ended('dated ahead', 'done')
  })

  test('unwind when a step refuses, and say why at the end', async () => {
    await start(failing, 'unlucky')
    await ended('unlucky', 'undone')
    expect(await notesOf(world.ctx, 'unlucky')).toEqual(['did one', 'did two', 'failed: no room', 'undid one', 'undid two'])
  })

  test('allow one active saga a subject', async () => {
    await world.host('silent', () => undefined)
    await start(bricks, 'busy', { host: 'silent' })
    await expect(start(simple, 'busy')).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('order a host about, and go on with its report, however often it comes', async () => {
    let orders = 0
    await world.host('mason', (order) => {
      orders++
      void world.ctx.messaging.send('reports', {
        id: 'again',
        body: { saga: order.saga, step: order.step, fence: order.fence, undo: order.undo },
      })
      return { result: 'well laid' }
    })
    await start(bricks, 'brick', { host: 'mason' })
    await ended('brick', 'done')
    expect(await notesOf(world.ctx, 'brick')).toEqual(['did choose', 'did paint', 'laid'])
    expect(orders).toBe(1)
  })

  test('go back a few steps when a host refuses, and try again with a higher fence', async () => {
    const fences: number[] = []
    await world.host('picky', (order) => {
      if (order.undo) return {}
      fences.push(order.fence)
      return fences.length < 2 ? { fault: { kind: 'conflict', message: 'not here' } } : {}
    })
    await start(bricks, 'second try', { host: 'picky', again: true })
    await ended('second try', 'done')
    expect(fences).toHaveLength(2)
    expect(fences[1]).toBeGreaterThan(fences[0]!)
    expect(await notesOf(world.ctx, 'second try')).toEqual(['did choose', 'did choose', 'did paint', 'laid', 'undid choose'])
  })

  test('a report of an order that was passed changes nothing', async () => {
    await start(bricks, 'stale', { host: 'silent' })
    const row = await until(async () => {
      const found = await world.sagaOf('stale')
      return found?.step === 1 ? found : undefined
    })
    await world.ctx.messaging.send('reports', { id: 'stale', body: { saga: row.id, step: 1, fence: row.fence - 1, undo: false } })
    await world.ctx.messaging.send('reports', { id: 'unknown', body: { saga: 'nobody', step: 1, fence: 1, undo: false } })
    await transaction(world.ctx, 'supersede', (tx) => supersedeSaga(world.ctx, tx, wreck, { subject: 'stale', input: {} }))
    await world.host('silent', () => ({}))
    await until(async () => (await world.sagaOf('stale'))?.kind === 'test.wreck' && (await world.sagaOf('stale'))?.state === 'done')
    expect(await notesOf(world.ctx, 'stale')).toEqual(['did choose', 'did wreck', 'undid choose'])
  })

  test('give up when their deadline passes', async () => {
    await start(late, 'too late')
    await ended('too late', 'undone')
    expect(await notesOf(world.ctx, 'too late')).toEqual(['undid never'])
  })
})

describe.each(databases)('a worker that dies on %s', (database) => {
  test.each(['before', 'after'] as const)('%s a step leaves the saga to others within seconds', async (phase) => {
    const world = await aSagaWorld(database)
    try {
      let died = false
      const dying = await world.worker([simple], ['hand'], async (moment) => {
        if (moment.step !== 'one' || moment.phase !== phase || died) return
        died = true
        await new Promise(() => {})
      })
      await transaction(world.ctx, 'start', (tx) => startSaga(world.ctx, tx, simple, { subject: 's', input: {} }))
      await until(() => died)
      void dying.stop()
      await world.worker([simple], ['hand', 'chief'])
      await until(async () => (await world.sagaOf('s'))?.state === 'done', { timeoutMs: 4000 })
      expect(await notesOf(world.ctx, 's')).toEqual(['did one', 'did three', 'did two'])
    } finally {
      void world.close().catch(() => {})
    }
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../test/helpers/free-port.ts'
import { bump, databases, someThings, type Things } from '../../../test/helpers/things.ts'
import { metrics } from '../metrics.ts'
import { failureClass } from './failures.ts'
import { afterCommit, atTheEnd, persistently, transaction } from './transaction.ts'

const undone = () => Object.assign(new Error('undone'), { code: '40001' })
const repeatsOf = async (name: string, reason: string) =>
  (await metrics.metrics()).includes(`repeats_total{name="${name}",reason="${reason}"}`)

describe.each(databases)('a transaction on %s', (database) => {
  let things: Things
  beforeAll(async () => {
    things = await someThings(database)
  })
  afterAll(() => things.close())

  test('runs again, and does nothing twice, when the database undoes it', async () => {
    await things.add('undone')
    let attempts = 0
    const result = await transaction(things.ctx, 'undone once', async (tx) => {
      await bump(tx, 'undone')
      if (++attempts === 1) throw undone()
      return attempts
    })
    expect(result).toBe(2)
    expect(await things.countOf('undone')).toBe(1)
    expect(await repeatsOf('undone once', 'retry')).toBe(true)
  })

  test('that meets another in a deadlock is done all the same', async () => {
    await things.add('left')
    await things.add('right')
    // Both hold their first row before either asks for its second.
    let holders = 0
    let bothHold = () => {}
    const met = new Promise<void>((resolve) => (bothHold = resolve))
    const both = (first: string, second: string) => {
      let attempts = 0
      return transaction(things.ctx, 'deadlock', async (tx) => {
        await bump(tx, first)
        if (++attempts === 1) {
          if (++holders === 2) bothHold()
          await met
        }
        await bump(tx, second)
        return attempts
      })
    }
    const attempts = await Promise.all([both('left', 'right'), both('right', 'left')])
    expect(Math.max(...attempts)).toBeGreaterThan(1)
    expect(await things.countOf('left')).toBe(2)
    expect(await things.countOf('right')).toBe(2)
  })

  test('keeps nobody waiting for a row that it writes at its end', async () => {
    await things.add('hot')
    const [begun, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let attempts = 0
    const slow = transaction(things.ctx, 'slow', async (tx) => {
      attempts++
      await atTheEnd(tx, 'hot', () => bump(tx, 'hot'))
      begun.resolve()
      await opened.promise
    })
    await begun.promise
    await transaction(things.ctx, 'quick', async (tx) => atTheEnd(tx, 'hot', () => bump(tx, 'hot')))
    expect(await things.countOf('hot')).toBe(1)
    opened.resolve()
    await slow
    // Who had to wait would have waited until the database ends a transaction that does nothing.
    expect(attempts).toBe(1)
    expect(await things.countOf('hot')).toBe(2)
  })

  test('writes rows at its end in the order of their names, once for each attempt, and a refusal there undoes all', async () => {
    await things.add('asked')
    const written: string[] = []
    let attempts = 0
    const refused = transaction(things.ctx, 'refused at the end', async (tx) => {
      await bump(tx, 'asked')
      for (const row of ['c', 'a', 'b', 'a'])
        await atTheEnd(tx, row, async () => {
          written.push(row)
          if (row === 'c') throw attempts++ === 0 ? undone() : new Error('no more of these')
        })
    })
    await expect(refused).rejects.toThrow('no more of these')
    expect(written).toEqual(['a', 'a', 'b', 'c', 'a', 'a', 'b', 'c'])
    expect(await things.countOf('asked')).toBe(0)
  })

  test('that is refused leaves nothing and is not run again', async () => {
    await things.add('refused')
    let attempts = 0
    const refused = transaction(things.ctx, 'refused', async (tx) => {
      attempts++
      await bump(tx, 'refused')
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(attempts).toBe(1)
    expect(await things.countOf('refused')).toBe(0)
  })

  test('acts after its commit, when others can see what it did, and once', async () => {
    await things.add('bell')
    const seen: Promise<number | undefined>[] = []
    let attempts = 0
    await transaction(things.ctx, 'bell', async (tx) => {
      afterCommit(tx, () => void seen.push(things.countOf('bell')))
      await bump(tx, 'bell')
      if (++attempts === 1) throw undone()
      expect(seen).toHaveLength(0)
    })
    expect(await Promise.all(seen)).toEqual([1])
    const refused = transaction(things.ctx, 'bell', async (tx) => {
      afterCommit(tx, () => void seen.push(things.countOf('bell')))
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(seen).toHaveLength(1)
  })

  test('gives up when its patience ends, and says when to come again', async () => {
    const nowhere = things.url.replace(/:\d+\//, `:${await freePort()}/`)
    const ctx = things.contextOn(nowhere, { patienceMs: 400 })
    const started = performance.now()
    const refused = transaction(ctx, 'no database', async () => {})
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } })
    expect(performance.now() - started).toBeLessThan(3000)
    expect(await metrics.metrics()).toContain('name="no database",outcome="unavailable"')
    await expect(persistently(ctx, 'no read', async () => ctx.db.selectFrom('kernel_sagas').select('id').execute())).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })

  test('tells values that a column can not hold from bugs', async () => {
    const insert = async (row: object) =>
      things.db
        .insertInto('things')
        .values(row)
        .execute()
        .then(
          () => 'none',
          (error: unknown) => failureClass(error),
        )
    expect(await insert({ name: 'x'.repeat(65), count: 0 })).toBe('value')
    expect(await insert({ name: 'large', count: 2 ** 31 })).toBe('value')
    expect(await insert({ name: 'text', count: 'many' })).toBe('value')
    const fitsNot = things.ctx.dialect.insertIfAbsent(things.db, 'things', { name: 'large', count: 2 ** 31 })
    await expect(fitsNot.catch(failureClass)).resolves.toBe('value')
    await things.add('taken')
    expect(await insert({ name: 'taken', count: 0 })).toBe('duplicate')
    expect(await insert({ name: 'lost', weight: 0 })).toBe('final')
  })

  test('lets one of many insert the same key', async () => {
    const won = await Promise.all(
      Array.from({ length: 20 }, () =>
        transaction(things.ctx, 'race', (tx) => things.ctx.dialect.insertIfAbsent(tx, 'things', { name: 'raced', count: 1 })),
      ),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
  })

  test('waits for one that is about to take a key, and takes it when that one gives up', async () => {
    const { dialect } = things.ctx
    let hasIt = () => {}
    const taken = new Promise<void>((resolve) => (hasIt = resolve))
    let giveUp = () => {}
    const given = new Promise<void>((resolve) => (giveUp = resolve))
    const first = transaction(things.ctx, 'first', async (tx) => {
      await dialect.insertIfAbsent(tx, 'things', { name: 'wanted', count: 1 })
      hasIt()
      await given
      throw new Error('given up')
    }).catch((error: Error) => error.message)
    await taken
    const second = transaction(things.ctx, 'second', (tx) => dialect.insertIfAbsent(tx, 'things', { name: 'wanted', count: 2 }))
    giveUp()
    expect(await first).toBe('given up')
    expect(await second).toBe(true)
    expect(await things.countOf('wanted')).toBe(2)
  })
})

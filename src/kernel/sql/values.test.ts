import { sql, type Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, someThings, type Things } from '../../../test/helpers/things.ts'
import { addIndex } from './ddl.ts'
import { json } from './tables.ts'

describe.each(databases)('what is stored in %s', (database) => {
  let things: Things
  let db: Kysely<any>
  beforeAll(async () => {
    things = await someThings(database)
    db = things.db
    const { types } = things.ctx.dialect
    await db.schema
      .createTable('kinds')
      .addColumn('id', types.id, (column) => column.primaryKey())
      .addColumn('words', types.text)
      .addColumn('shape_json', types.json)
      .addColumn('at', types.time)
      .addColumn('is_on', types.flag)
      .addColumn('bytes', types.blob)
      .addColumn('big', 'bigint')
      .execute()
  })
  afterAll(() => things.close())
  const back = async (row: object) => {
    const id = things.ctx.ids.uuid()
    await db
      .insertInto('kinds')
      .values({ id, ...row })
      .execute()
    const { id: _, ...found } = await db.selectFrom('kinds').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    return found
  }
  const nothing = { words: null, shape_json: null, at: null, is_on: null, bytes: null, big: null }

  test('comes back equal', async () => {
    const shape = { a: [1, 'x', null, true, { deep: 'ü' }], 'key with "quotes"': -0.5, empty: {} }
    const row = {
      words: `a\nb\t'"\\ ü 💥 ${'x'.repeat(70_000)}`,
      at: new Date('2026-03-29T01:30:00.123Z'),
      is_on: true,
      bytes: Buffer.from([0, 255, 10, 0]),
      big: 2 ** 53 - 1,
    }
    expect(await back({ ...row, shape_json: json(shape) })).toEqual({ ...row, shape_json: shape })
    expect(await back({ is_on: false, big: -1, words: '' })).toEqual({ ...nothing, is_on: false, big: -1, words: '' })
    expect(await back({})).toEqual(nothing)
  })

  test('is JSON of any kind', async () => {
    for (const value of [null, [], 'text', 0, false, { a: { b: {} } }])
      expect((await back({ shape_json: json(value) }))['shape_json']).toEqual(value)
  })

  test('is found by its exact letters, and sorted by them', async () => {
    for (const name of ['a', 'A', 'á', 'B', 'b', ' a']) await things.add(name)
    const found = await db.selectFrom('things').select('name').where('name', '=', 'A').execute()
    expect(found.map((row) => row['name'])).toEqual(['A'])
    const all = await db.selectFrom('things').select('name').orderBy('name').execute()
    expect(all.map((row) => row['name'])).toEqual([' a', 'A', 'B', 'a', 'b', 'á'])
  })

  test('has the time of one clock, with fractions of a second', async () => {
    const { dialect } = things.ctx
    const { rows } = await sql<{
      is: Date
      ago: Date
      then: Date
    }>`select ${dialect.now()} as ${sql.ref('is')}, ${dialect.fromNow(-90.5)} as ago, ${dialect.fromNow(3600)} as ${sql.ref('then')}`.execute(
      db,
    )
    const { is, ago, then } = rows[0]!
    expect(is.getTime() - ago.getTime()).toBe(90_500)
    expect(then.getTime() - is.getTime()).toBe(3_600_000)
    expect(Math.abs(is.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('is matched by regular expressions with case, and a broken one is a bad value', async () => {
    await things.add('Regular')
    const matching = (pattern: string) =>
      db.selectFrom('things').select('name').where(things.ctx.dialect.matches('name', pattern)).execute()
    expect((await matching('^Reg')).map((row) => row['name'])).toEqual(['Regular'])
    expect(await matching('^reg')).toEqual([])
    await expect(matching('(')).rejects.toThrow()
  })

  test('gets an index once, however often it is asked for', async () => {
    for (let times = 0; times < 2; times++) await addIndex(db, things.ctx.dialect, 'things', ['count', 'name'], { unique: true })
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/all.ts'
import { aCloud, databases } from '../../test/helpers/a-cloud.ts'
import { quietLog } from '../../test/helpers/quiet-log.ts'
import { withAdmin, withDatabase } from '../../test/helpers/template-database.ts'
import { newDatabase } from '../../test/helpers/test-databases.ts'
import { tableShapes } from '../kernel/sql/catalog.ts'
import { migrate } from '../kernel/sql/migrate.ts'
import type { PortableRow } from '../kernel/sql/portable-rows.ts'
import { backUp } from './backup.ts'
import { isOurs, leftOut } from './left-out.ts'
import { restore } from './restore.ts'
import { sealed } from './seal.ts'
import { writeWholeFile } from './whole-file.ts'
import { archiveOf } from './write-archive.ts'

const folder = mkdtempSync(join(tmpdir(), 'skykeel-restore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

const backUpOf = async (databaseUrl: string): Promise<string> => {
  const out = join(folder, `${++count}`)
  await backUp({ databaseUrl, log: quietLog, out, imageFolder: undefined, secrets: undefined, passphrase: undefined, program: 'test' })
  return out
}
const restoreInto = (databaseUrl: string, archive: string, force = false) =>
  restore({ archive, databaseUrl, log: quietLog, imageFolder: undefined, force })
const withDb = <T>(url: string, work: (db: Kysely<any>) => Promise<T>): Promise<T> => withAdmin(url, ({ db }) => work(db as Kysely<any>))

const region = (id: string) => ({ id, parent_region_id: null, description: '', extra_json: '{}' })
const regionsOf = (url: string) =>
  withDb(url, async (db) => (await db.selectFrom('keystone_regions').select('id').orderBy('id').execute()).map((row) => row.id))

describe.each(databases)('a restore on %s', (name) => {
  /** A database of one region, with migrations up to this number. */
  async function databaseWith(regionId: string | undefined, schema = migrations): Promise<string> {
    const { url, drop } = await newDatabase(name)
    onTestFinished(drop)
    if (schema.length < migrations.length)
      await withAdmin(url, async (database) => {
        for (const { name } of (await tableShapes(database.db, database.dialect)).toReversed())
          await database.db.schema.dropTable(name).execute()
        await migrate(database, schema)
      })
    if (regionId !== undefined) await withDb(url, (db) => db.insertInto('keystone_regions').values(region(regionId)).execute())
    return url
  }

  /** An archive with a right seal and these rows. */
  async function archiveWith(
    url: string,
    rows: Readonly<Record<string, readonly PortableRow[]>>,
    schema: readonly string[],
  ): Promise<string> {
    const path = join(folder, `${++count}`)
    const tables = await withAdmin(url, ({ db, dialect }) => tableShapes(db, dialect))
    const header = {
      program: '9.9',
      takenAt: '2026-01-31T00:00:00.000Z',
      engine: name,
      schema,
      tables: tables.filter((table) => !leftOut[table.name]),
      withImages: false,
    }
    const content = archiveOf({
      header,
      async *rowsOf(table) {
        yield* rows[table.name] ?? []
      },
      afterRows: async () => {},
      images: [],
      done: () => {},
    })
    await writeWholeFile(path, sealed(content))
    return path
  }

  test('is refused where a cloud is, and replaces it by force', async () => {
    const [from, into] = [await databaseWith('from'), await databaseWith('into')]
    const archive = await backUpOf(from)
    await expect(restoreInto(into, archive)).rejects.toThrow('keystone_regions has rows')
    expect(await regionsOf(into)).toEqual(['into'])
    await restoreInto(into, archive, true)
    expect(await regionsOf(into)).toEqual(['from'])
  })

  test('makes the schema where there is none', async () => {
    const empty = `empty_${process.pid}_${++count}`
    const server = inject('databaseServers')[name]!
    await withDb(server, (db) => sql`create database ${sql.id(empty)}`.execute(db))
    onTestFinished(() => void withDb(server, (db) => sql`drop database ${sql.id(empty)}`.execute(db)))
    const into = withDatabase(server, empty)
    await restoreInto(into, await backUpOf(await databaseWith('from')))
    expect(await regionsOf(into)).toEqual(['from'])
  })

  test('of an older schema ends with the schema of today', async () => {
    const archive = await backUpOf(await databaseWith('old', migrations.slice(0, -1)))
    for (const into of [await databaseWith(undefined), await databaseWith('newer')]) {
      await restoreInto(into, archive, true)
      expect(await regionsOf(into)).toEqual(['old'])
      const applied = await withDb(into, (db) => db.selectFrom('kernel_migrations').select('name').execute())
      expect(applied.map((row) => row.name).toSorted()).toEqual(migrations.map((migration) => migration.name).toSorted())
    }
  })

  test('of a newer schema is refused', async () => {
    const into = await databaseWith('into')
    const archive = await archiveWith(into, {}, [...migrations.map((migration) => migration.name), '0999-future'])
    await expect(restoreInto(into, archive, true)).rejects.toThrow('newer schema than this release knows: 0999-future')
    expect(await regionsOf(into)).toEqual(['into'])
  })

  test('that fails in the middle has changed nothing', async () => {
    const into = await databaseWith('into')
    const rows = {
      keystone_regions: [
        ['good', null, '', '{}'],
        [null, null, '', '{}'],
      ],
      nova_servers: [],
    }
    const archive = await archiveWith(
      into,
      rows,
      migrations.map((migration) => migration.name),
    )
    await expect(restoreInto(into, archive, true)).rejects.toThrow("A row of keystone_regions can't be written")
    expect(await regionsOf(into)).toEqual(['into'])
  })

  test('is refused while controllers work on the database', async () => {
    const cloud = await aCloud(name)
    onTestFinished(() => cloud.close())
    const now = name === 'postgres' ? sql`current_database()` : sql`database()`
    const { rows } = await sql<{ name: string }>`select ${now} as name`.execute(cloud.ctx.db)
    const url = withDatabase(inject('databaseServers')[name]!, rows[0]!.name)
    await expect(restoreInto(url, await backUpOf(await databaseWith('from')), true)).rejects.toThrow('Controllers work on this database')
  })

  test('lets sagas go on above all fences that hosts may have seen, with the time that they had', async () => {
    const from = await databaseWith(undefined)
    const saga = (id: string, subject: string, more: object) => ({
      ...{
        id,
        kind: 'k',
        subject,
        active_subject: null,
        state: 'done',
        step: 0,
        role: '',
        input_json: '{}',
        results_json: '{}',
        fault_json: null,
      },
      ...{ unwind_to: -1, next_json: null, revision: 5, fence: 4, attempts: 3, request_id: 'r', finished_at: null },
      ...{
        due_at: new Date('2026-01-31T01:00:00Z'),
        deadline_at: new Date('2026-01-31T02:00:00Z'),
        created_at: new Date('2026-01-31T00:00:00Z'),
      },
      ...more,
    })
    const active = {
      active_subject: 'busy',
      state: 'running',
      role: 'nova-conductor',
      deadline_at: new Date(Date.now() + 600_000),
      due_at: new Date(Date.now() + 30_000),
    }
    await withDb(from, (db) =>
      db
        .insertInto('kernel_sagas')
        .values([saga('1', 'busy', { revision: 2 }), saga('2', 'busy', { revision: 9, ...active }), saga('3', 'idle', {})])
        .execute(),
    )
    const into = await databaseWith(undefined)
    const before = Date.now()
    await restoreInto(into, await backUpOf(from))
    const sagas = await withDb(into, (db) => db.selectFrom('kernel_sagas').selectAll().orderBy('id').execute())
    expect(sagas.map((row) => row.revision >= before)).toEqual([false, true, true])
    expect(sagas[1]).toMatchObject({ fence: sagas[1]!.revision, attempts: 0, state: 'running' })
    expect(sagas[1]!.due_at.getTime()).toBeLessThan(Date.now() + 2000)
    expect(sagas[1]!.deadline_at.getTime()).toBeGreaterThanOrEqual(active.deadline_at.getTime() - 1)
    expect(sagas[2]).toMatchObject({ fence: 4, attempts: 3 })
  })

  test('forgets no table of a cloud', async () => {
    const url = await databaseWith(undefined)
    const tables = await withAdmin(url, ({ db, dialect }) => tableShapes(db, dialect))
    expect(tables.filter((table) => !isOurs(table.name)).map((table) => table.name)).toEqual([])
    expect(tables.filter((table) => table.key.length === 0).map((table) => table.name)).toEqual([])
    const names = tables.map((table) => table.name)
    expect(Object.keys(leftOut).filter((table) => !names.includes(table))).toEqual(name === 'postgres' ? [] : ['kernel_messages'])
    const { rows } = await withDb(url, (db) =>
      sql<{
        name: string
      }>`select table_name as name from information_schema.tables where table_schema = ${name === 'postgres' ? sql`current_schema()` : sql`database()`}`.execute(
        db,
      ),
    )
    expect(names.toSorted()).toEqual(rows.map((row) => row.name).toSorted())
  })
})

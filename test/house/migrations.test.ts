import { sql, type KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { migrations } from '../../migrations/all.ts'
import { openDatabase, type Database } from '../../src/kernel/sql/database.ts'
import { migrate, type Migration } from '../../src/kernel/sql/migrate.ts'
import { quietLog } from '../helpers/quiet-log.ts'
import { type Schema, schemaOf } from '../helpers/schema-of.ts'
import { withAdmin, withDatabase } from '../helpers/template-database.ts'
import { databases, type DatabaseName } from '../helpers/test-databases.ts'

const names = migrations.map((migration) => migration.name)

/** The same migration by a process that dies before its statement of this number. */
const dyingAt = (migration: Migration, number: number): Migration => ({
  name: migration.name,
  async up(db, types, dialect) {
    let count = 0
    const death: KyselyPlugin = {
      transformQuery({ node }) {
        if (count++ === number) throw new Error('dies here')
        return node
      },
      transformResult: async ({ result }) => result,
    }
    await migration.up(db.withPlugin(death), types, dialect)
    // It came through: then there is no statement of this number.
    throw new Error('has ended')
  },
})

const told: Partial<Record<DatabaseName, Schema>> = {}

describe.each(databases)('the migrations on %s', (name) => {
  const server = inject('databaseServers')[name]!
  let count = 0
  const opened: (() => Promise<unknown>)[] = []

  /** An empty database, opened as by this many processes. */
  async function emptyDatabase(processes = 1): Promise<Database[]> {
    const database = `migrations_${process.pid}_${++count}`
    await withAdmin(server, (admin) => sql`create database ${sql.id(database)}`.execute(admin.db))
    const all = Array.from({ length: processes }, () =>
      openDatabase({ url: withDatabase(server, database), log: quietLog, statementTimeoutMs: 30_000 }),
    )
    opened.push(async () => {
      await Promise.all(all.map((one) => one.close()))
      await withAdmin(server, (admin) => sql`drop database ${sql.id(database)}`.execute(admin.db))
    })
    return all
  }

  let migrated: Database
  beforeAll(async () => {
    migrated = (await emptyDatabase())[0]!
    expect(await migrate(migrated, migrations)).toEqual(names)
    told[name] = await schemaOf(migrated)
  })
  afterAll(async () => {
    for (const close of opened) await close()
  })

  test('do nothing the second time', async () => {
    expect(await migrate(migrated, migrations)).toEqual([])
    expect(await schemaOf(migrated)).toEqual(told[name])
  })

  test.each(migrations)('end well when a crash makes $name run again', async ({ name: migration }) => {
    await sql`delete from kernel_migrations where name = ${migration}`.execute(migrated.db)
    expect(await migrate(migrated, migrations)).toEqual([migration])
    expect(await schemaOf(migrated)).toEqual(told[name])
  })

  test('end well after a death in the middle of each', { timeout: 60_000 }, async () => {
    const [database] = await emptyDatabase()
    for (const [index, migration] of migrations.entries()) {
      const before = migrations.slice(0, index)
      await migrate(database!, before)
      const untouched = await schemaOf(database!)
      for (const number of [1, 4, 12]) {
        await expect(migrate(database!, [...before, dyingAt(migration, number)])).rejects.toThrow(/dies here|has ended/)
        if (name === 'postgres') expect(await schemaOf(database!)).toEqual(untouched)
      }
    }
    await migrate(database!, migrations)
    expect(await schemaOf(database!)).toEqual(told[name])
  })

  test('end well when several processes migrate at once, each step by one of them', async () => {
    const processes = await emptyDatabase(3)
    const applied = await Promise.all(processes.map((one) => migrate(one, migrations)))
    expect(applied.flat().toSorted()).toEqual(names.toSorted())
    expect(await schemaOf(processes[0]!)).toEqual(told[name])
  })
})

describe('the schemas of the databases', () => {
  test.runIf(databases.length > 1)('are the same on both', () => {
    expect(told.postgres!.columns.length).toBeGreaterThan(300)
    expect(told.mariadb).toEqual(told.postgres)
  })

  test('has names that both can hold', () => {
    const tables = new Set(told.postgres!.columns.map((column) => column.split('.')[0]!))
    expect([...tables].filter((table) => table.length > 60)).toEqual([])
  })
})

import { execFileSync } from 'node:child_process'
import { sql } from 'kysely'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { migrations } from '../../migrations/all.ts'
import { type Database, openDatabase } from '../../src/kernel/sql/database.ts'
import { migrate, type Migration } from '../../src/kernel/sql/migrate.ts'
import { lastRelease, type Release } from '../../tools/last-release.ts'
import { has } from '../helpers/parts.ts'
import { quietLog } from '../helpers/quiet-log.ts'
import { type Schema, schemaOf } from '../helpers/schema-of.ts'
import { withAdmin, withDatabase } from '../helpers/template-database.ts'
import { databases } from '../helpers/test-databases.ts'
import { root } from './files.ts'

// During an upgrade, and after a way back, controllers of the last release run on this tree's schema. They know nothing of what is new in it.

const releasedNames = has('history') ? migrationsOf(lastRelease()) : []
const released = migrations.slice(0, releasedNames.length)

function migrationsOf({ commit }: Release): string[] {
  const files = execFileSync('git', ['ls-tree', '--name-only', commit, 'migrations/'], { cwd: root, encoding: 'utf8' }).split('\n')
  return files.flatMap((file) => /^migrations\/(\d{4}-[\w-]+)\.ts$/.exec(file)?.[1] ?? [])
}

const tableOf = (line: string): string => /^(?:unique )?(\w+)/.exec(line)![1]!

/** What a program that was written for `before` stumbles over in `after`, a line each. */
function obstacles(before: Schema, after: Schema): string[] {
  const old = new Set(before.columns.map(tableOf))
  const fresh = (lines: readonly string[], known: readonly string[]) =>
    lines.filter((line) => !known.includes(line) && old.has(tableOf(line)))
  return [
    ...[...before.columns, ...before.indexes]
      .filter((line) => ![...after.columns, ...after.indexes].includes(line))
      .map((line) => `gone: ${line}`),
    ...fresh(after.columns, before.columns).flatMap((line) => (/[?=]$/.test(line) ? [] : [`it writes no ${line}`])),
    ...fresh(after.indexes, before.indexes).flatMap((line) => (line.startsWith('unique ') ? [`it may not keep to ${line}`] : [])),
  ]
}

test.runIf(has('history'))('what has been released is still the begin of the schema', () => {
  expect(releasedNames.length).toBeGreaterThan(7)
  expect(released.map(({ name }) => name).toSorted()).toEqual(releasedNames)
})

describe.runIf(has('history')).each(databases)('the last release on %s', (name) => {
  const server = inject('databaseServers')[name]!
  const database = `expand_${process.pid}`
  let opened: Database | undefined
  afterAll(async () => {
    await opened?.close()
    await withAdmin(server, (admin) => sql`drop database ${sql.id(database)}`.execute(admin.db))
  })
  const bad: Migration = {
    name: '9999-bad',
    async up(db, types) {
      await db.schema.alterTable('nova_servers').dropColumn('hostname').execute()
      await db.schema.alterTable('nova_servers').addColumn('needed', types.name(64)).execute()
      await db.schema
        .alterTable('nova_servers')
        .addColumn('demanded', types.name(64), (column) => column.notNull())
        .execute()
      await db.schema
        .alterTable('nova_servers')
        .addColumn('offered', types.name(64), (column) => column.notNull().defaultTo(''))
        .execute()
      await db.schema
        .createTable('brand_new')
        .addColumn('id', types.name(64), (column) => column.notNull())
        .execute()
      await db.schema.createIndex('only_one').unique().on('nova_servers').columns(['project_id', 'needed']).execute()
    },
  }

  test('can run on the schema of this tree', async () => {
    await withAdmin(server, (admin) => sql`create database ${sql.id(database)}`.execute(admin.db))
    opened = openDatabase({ url: withDatabase(server, database), log: quietLog, statementTimeoutMs: 30_000 })
    await migrate(opened, released)
    const before = await schemaOf(opened)
    await migrate(opened, migrations)
    const now = await schemaOf(opened)
    expect(obstacles(before, now)).toEqual([])

    // The same look at a step that takes away and demands.
    await migrate(opened, [bad])
    const worse = await schemaOf(opened)
    expect(obstacles(before, worse)).toEqual([
      'gone: nova_servers.hostname',
      'it writes no nova_servers.demanded',
      'it may not keep to unique nova_servers(project_id,needed)',
    ])
  })
})

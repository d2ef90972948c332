import { sql } from 'kysely'
import { inject } from 'vitest'
import { migrations } from '../../migrations/all.ts'
import { migrate } from '../../src/kernel/sql/migrate.ts'
import { template, withAdmin, withDatabase } from './template-database.ts'

export type DatabaseName = 'postgres' | 'mariadb'

/** Which databases this machine can test on. */
export const databases: readonly DatabaseName[] = inject('databaseServers')?.mariadb ? ['postgres', 'mariadb'] : ['postgres']

let count = 0

/** A new, migrated database for one cloud. */
export async function newDatabase(name: DatabaseName): Promise<{ url: string; drop(): Promise<void> }> {
  const servers = inject('databaseServers')
  const server = name === 'postgres' ? servers.postgres : servers.mariadb!
  const database = `cloud_${process.pid}_${++count}`
  const url = withDatabase(server, database)
  if (name === 'postgres')
    await withAdmin(server, (admin) => sql`create database ${sql.id(database)} template ${sql.id(template)}`.execute(admin.db))
  else {
    await withAdmin(server, (admin) => sql`create database ${sql.id(database)}`.execute(admin.db))
    await withAdmin(url, (own) => migrate(own, migrations))
  }
  const forced = name === 'postgres' ? sql` with (force)` : sql``
  return {
    url,
    drop: async () => void (await withAdmin(server, (admin) => sql`drop database ${sql.id(database)}${forced}`.execute(admin.db))),
  }
}

/** A queue of its own: the postgres driver's tables in a database apart, so that it goes with any database. */
export const newQueue = (): Promise<{ url: string; drop(): Promise<void> }> => newDatabase('postgres')

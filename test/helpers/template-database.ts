import { sql } from 'kysely'
import { migrations } from '../../migrations/all.ts'
import { openDatabase, type Database } from '../../src/kernel/sql/database.ts'
import { migrate } from '../../src/kernel/sql/migrate.ts'
import { quietLog } from './quiet-log.ts'

/** The name of the migrated database that clouds on PostgreSQL copy. */
export const template = 'skykeel_template'

/** The URL of another database of the same server. */
export const withDatabase = (url: string, name: string): string => url.replace(/\/[^/]*$/, `/${name}`)

/** Works on a connection of its own. */
export async function withAdmin<T>(url: string, work: (admin: Database) => Promise<T>): Promise<T> {
  const admin = openDatabase({ url, log: quietLog, poolSize: 1, statementTimeoutMs: 60_000 })
  try {
    return await work(admin)
  } finally {
    await admin.close()
  }
}

/** Makes a migrated database once; PostgreSQL then copies it for each cloud. */
export async function makeTemplate(url: string): Promise<void> {
  await withAdmin(url, (admin) => sql`create database ${sql.id(template)}`.execute(admin.db))
  await withAdmin(withDatabase(url, template), (database) => migrate(database, migrations))
}

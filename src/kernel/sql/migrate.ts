import { sql, type Kysely } from 'kysely'
import { isDuplicate } from './failures.ts'
import type { Database } from './database.ts'
import type { ColumnTypes, Dialect } from './dialect.ts'

/**
 * One step of the schema. Steps only add (tables, nullable columns, indexes), so that programs of the version before
 * still run on it; what they add must be harmless when a crash makes it run again.
 */
export interface Migration {
  readonly name: string
  up(db: Kysely<any>, types: ColumnTypes, dialect: Dialect): Promise<void>
}

/** Brings the schema up to date, one process at a time; the others wait. Safe to repeat. Returns the names applied. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  const { dialect } = database
  return (database.db as Kysely<any>).connection().execute(async (db) => {
    await dialect.lockMigrations(db)
    try {
      await createLedger(db, dialect)
      const rows = await db.selectFrom('kernel_migrations').select('name').execute()
      const done = new Set(rows.map((row) => row.name as string))
      const applied: string[] = []
      for (const migration of migrations) {
        if (done.has(migration.name)) continue
        await apply(db, dialect, migration)
        applied.push(migration.name)
      }
      return applied
    } finally {
      await dialect.unlockMigrations(db)
    }
  })
}

async function createLedger(db: Kysely<any>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('kernel_migrations')
    .ifNotExists()
    .addColumn('name', dialect.types.name(128), (column) => column.primaryKey())
    .addColumn('applied_at', dialect.types.time, (column) => column.notNull())
    .execute()
}

// PostgreSQL changes its schema inside a transaction, all or nothing. The MySQL family commits each statement as it
// comes, so there a migration that died half-way runs again and finds some of its tables: every step says "if not exists".
async function apply(db: Kysely<any>, dialect: Dialect, migration: Migration): Promise<void> {
  const steps = async (on: Kysely<any>) => {
    await migration.up(on, dialect.types, dialect)
    try {
      await on.insertInto('kernel_migrations').values({ name: migration.name, applied_at: dialect.now() }).execute()
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
  }
  if (dialect.family === 'mysql') return steps(db)
  await sql`begin`.execute(db)
  try {
    await steps(db)
    await sql`commit`.execute(db)
  } catch (error) {
    await sql`rollback`.execute(db)
    throw error
  }
}

import { type Kysely, sql } from 'kysely'
import { StartupError } from '../config/startup-error.ts'
import type { Clock } from '../kernel/clock.ts'
import { type TableShape, tableShapes } from '../kernel/sql/catalog.ts'
import type { Database } from '../kernel/sql/database.ts'
import { isOurs } from './left-out.ts'

/** The tables of a cloud that this database has. */
export const ourTables = async ({ db, dialect }: Database): Promise<TableShape[]> => tableShapes(db, dialect, isOurs)

/** Throws a StartupError when the database holds anything of a cloud. */
export async function mustBeEmpty({ db }: Database, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) {
    // What a migration notes of itself is nothing of worth.
    if (name === 'kernel_migrations') continue
    const found = await (db as Kysely<any>)
      .selectFrom(name)
      .select(sql`1`.as('one'))
      .limit(1)
      .execute()
    if (found.length > 0)
      throw new StartupError(
        `The database holds a cloud already: ${name} has rows`,
        'Restore into an empty one, or replace what is there by --force.',
      )
  }
}

/** Controllers write these at least every two seconds while they live. */
const signs = [
  ['nova_services', 'seen_at'],
  ['keystone_key_holders', 'seen_at'],
] as const
const quietMs = 15_000
const beatMs = 5_000

/** Throws a StartupError when controllers work on the database: their signs of life are young, and go on. */
export async function mustBeQuiet(database: Database, tables: readonly TableShape[], clock: Clock): Promise<void> {
  const last = async (): Promise<Date | undefined> => {
    const seen = await Promise.all(
      signs.filter(([table]) => tables.some(({ name }) => name === table)).map(async ([table, column]) => lastOf(database, table, column)),
    )
    return seen.flatMap((at) => at ?? []).toSorted((a, b) => b.getTime() - a.getTime())[0]
  }
  const before = await last()
  const { rows } = await sql<{ now: Date }>`select ${database.dialect.now()} as now`.execute(database.db)
  if (!before || rows[0]!.now.getTime() - before.getTime() > quietMs) return
  const untilMs = clock.monotonicMs() + beatMs
  while (clock.monotonicMs() < untilMs) {
    await clock.sleep(250)
    const now = await last()
    if (now && now > before)
      throw new StartupError('Controllers work on this database', 'Stop all of them first, or restore into another database.')
  }
}

async function lastOf({ db }: Database, table: string, column: string): Promise<Date | undefined> {
  const row = await (db as Kysely<any>).selectFrom(table).select(column).orderBy(column, 'desc').limit(1).executeTakeFirst()
  return row?.[column] as Date | undefined
}

/** Removes these tables. The MySQL family can't take that back. */
export async function dropTables({ db }: Database, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables.toReversed()) await db.schema.dropTable(name).execute()
}

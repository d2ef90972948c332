import { sql, type Kysely } from 'kysely'
import { systemClock } from '../../src/kernel/clock.ts'
import { contextOn } from './a-context.ts'
import { newDatabase, type DatabaseName } from './test-databases.ts'
import type { Context } from '../../src/kernel/context.ts'

export { databases, type DatabaseName } from './test-databases.ts'

/** A database with a table of things, each with a name that is its key and a number. */
export interface Things {
  readonly url: string
  readonly ctx: Context
  /** Another process's view of it, perhaps by another way. */
  contextOn(url: string, options?: { patienceMs?: number; poolSize?: number }): Context
  /** The table, whose columns the tests may choose. */
  readonly db: Kysely<any>
  add(name: string, count?: number): Promise<void>
  countOf(name: string): Promise<number | undefined>
  /** Ends the session of a transaction from outside. */
  endSession(db: Kysely<any>): Promise<void>
  close(): Promise<void>
}

/** Makes one with a table `things`. */
export async function someThings(database: DatabaseName): Promise<Things> {
  const { url, drop } = await newDatabase(database)
  const opened: { close(): Promise<void> }[] = []
  const open: Things['contextOn'] = (way, { patienceMs = 20_000, ...options } = {}) => {
    const { ctx, close } = contextOn(way, options)
    opened.push({ close })
    return { ...ctx, patienceUntilMs: systemClock.monotonicMs() + patienceMs }
  }
  const ctx = open(url)
  const db = ctx.db as Kysely<any>
  await db.schema
    .createTable('things')
    .addColumn('name', ctx.dialect.types.name(64), (column) => column.primaryKey())
    .addColumn('count', 'integer', (column) => column.notNull())
    .execute()
  const isPostgres = database === 'postgres'
  return {
    url,
    ctx,
    contextOn: open,
    db,
    add: async (name, count = 0) => void (await db.insertInto('things').values({ name, count }).execute()),
    countOf: async (name) => (await db.selectFrom('things').select('count').where('name', '=', name).executeTakeFirst())?.count as number,
    async endSession(session) {
      const { rows } = await sql<{ id: number }>`select ${isPostgres ? sql`pg_backend_pid()` : sql`connection_id()`} as id`.execute(session)
      const id = rows[0]!.id
      await (isPostgres ? sql`select pg_terminate_backend(${id})` : sql`kill ${sql.raw(String(id))}`).execute(db)
    },
    async close() {
      for (const one of opened) await one.close()
      await drop()
    },
  }
}

/** Adds one to a thing. */
export const bump = (tx: unknown, name: string): Promise<unknown> =>
  (tx as Kysely<any>)
    .updateTable('things')
    .set((eb) => ({ count: eb('count', '+', 1) }))
    .where('name', '=', name)
    .execute()

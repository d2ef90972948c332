import { sql, type Kysely } from 'kysely'
import { conflict } from '../../src/kernel/errors.ts'
import type { Context } from '../../src/kernel/context.ts'
import type { Tx } from '../../src/kernel/sql/tables.ts'
import { transaction } from '../../src/kernel/sql/transaction.ts'

/** What came of many writers at once. */
export interface WritersReport {
  /** Transfers that were committed. */
  readonly acknowledged: number
  /** Transfers that gave way to another, as they should. */
  readonly conflicts: number
  /** Committed transfers that no row shows. */
  readonly lost: number
  /** What appeared or vanished in sum. */
  readonly sumOff: number
  /** Names that were given to more than one. */
  readonly givenTwice: number
}

const accounts = ['a', 'b', 'c', 'd']
const startBalance = 1000

/**
 * Lets workers write to the same few rows through all of these ways to one database at once, in the manner of the services:
 * read, decide, compare and swap; and insert a name that only one may have.
 * It takes so many seconds, and longer until so many transfers are done: PostgreSQL looks for deadlocks once a second only.
 * @param ways for each worker the context that it writes through, such as one for each node of a cluster
 */
export async function drillWriters(
  ways: readonly Context[],
  { seconds, transfers }: { seconds: number; transfers: number },
): Promise<WritersReport> {
  const first = ways[0]!
  const db = first.db as unknown as Kysely<any>
  await makeTables(first, db)
  const untilMs = first.clock.monotonicMs() + seconds * 1000
  const counts = { acknowledged: 0, conflicts: 0, names: 0 }
  try {
    await Promise.all(
      ways.map(async (way) => {
        for (let turn = 0; first.clock.monotonicMs() < untilMs || counts.acknowledged < transfers; turn++) {
          const ctx = { ...way, patienceUntilMs: way.clock.monotonicMs() + 30_000 }
          await transfer(ctx).then(
            () => counts.acknowledged++,
            () => counts.conflicts++,
          )
          if (await takeName(ctx, `name-${turn}`)) counts.names++
        }
      }),
    )
    const { balance, revision } = await db
      .selectFrom('drill_accounts')
      .select((eb) => [eb.fn.sum('balance').as('balance'), eb.fn.sum('revision').as('revision')])
      .executeTakeFirstOrThrow()
    const { count } = await db
      .selectFrom('drill_names')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return {
      acknowledged: counts.acknowledged,
      conflicts: counts.conflicts,
      lost: counts.acknowledged - Number(revision) / 2,
      sumOff: Number(balance) - accounts.length * startBalance,
      givenTwice: counts.names - Number(count),
    }
  } finally {
    await dropTables(db)
  }
}

async function makeTables({ dialect }: Context, db: Kysely<any>): Promise<void> {
  await dropTables(db)
  const { types } = dialect
  await db.schema
    .createTable('drill_accounts')
    .addColumn('name', types.name(64), (column) => column.primaryKey())
    .addColumn('balance', 'integer', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('drill_names')
    .addColumn('name', types.name(64), (column) => column.primaryKey())
    .execute()
  for (const name of accounts) await db.insertInto('drill_accounts').values({ name, balance: startBalance, revision: 0 }).execute()
}

async function dropTables(db: Kysely<any>): Promise<void> {
  for (const table of ['drill_accounts', 'drill_names']) await sql`drop table if exists ${sql.table(table)}`.execute(db)
}

/** Moves one from an account to another; refused when somebody changed either meanwhile. */
const transfer = (ctx: Context): Promise<void> =>
  transaction(ctx, 'drill.transfer', async (tx) => {
    const from = Math.floor(ctx.ids.chance() * accounts.length)
    const to = (from + 1 + Math.floor(ctx.ids.chance() * (accounts.length - 1))) % accounts.length
    await change(tx, accounts[from]!, -1)
    await change(tx, accounts[to]!, 1)
  })

async function change(tx: Tx, name: string, by: number): Promise<void> {
  const db = tx as unknown as Kysely<any>
  const { balance, revision } = await db.selectFrom('drill_accounts').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
  const { numUpdatedRows } = await db
    .updateTable('drill_accounts')
    .set({ balance: Number(balance) + by, revision: Number(revision) + 1 })
    .where('name', '=', name)
    .where('revision', '=', revision)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw conflict(`${name} changed meanwhile`)
}

const takeName = (ctx: Context, name: string): Promise<boolean> =>
  transaction(ctx, 'drill.name', async (tx) => ctx.dialect.insertIfAbsent(tx as unknown as Kysely<any>, 'drill_names', { name }))

import { sql, type Kysely, type RawBuilder, type SelectQueryBuilder, type Transaction } from 'kysely'
import type { ColumnKind, TableShape } from './catalog.ts'
import type { Dialect } from './dialect.ts'

/**
 * A row in a form that is the same on every database: the values in the order of the columns, each as text. Times are
 * `2026-01-31 12:00:00.000000` in UTC, flags 1 or 0, blobs hexadecimal; JSON stays as it was written.
 */
export type PortableRow = readonly (string | null)[]

type Family = Dialect['family']
type Form = (column: RawBuilder<unknown>) => RawBuilder<any>

const plain: Form = (column) => column
const cast =
  (type: string): Form =>
  (column) =>
    sql`cast(${column} as ${sql.raw(type)})`

const readForms: Record<Family, Record<ColumnKind, Form>> = {
  postgres: {
    text: cast('text'),
    json: cast('text'),
    time: (column) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`,
    flag: (column) => sql`${column}::integer::text`,
    blob: (column) => sql`encode(${column}, 'hex')`,
    integer: cast('text'),
    real: cast('text'),
  },
  mysql: {
    text: plain,
    json: plain,
    time: (column) => sql`date_format(${column}, '%Y-%m-%d %H:%i:%s.%f')`,
    flag: cast('char'),
    blob: (column) => sql`lower(hex(${column}))`,
    integer: cast('char'),
    real: cast('char'),
  },
}

const writeForms: Record<Family, Partial<Record<ColumnKind, Form>>> = {
  postgres: {
    json: cast('json'),
    time: cast('timestamptz'),
    flag: (value) => sql`${value}::integer::boolean`,
    blob: (value) => sql`decode(${value}, 'hex')`,
    integer: cast('bigint'),
    real: cast('double precision'),
  },
  mysql: { blob: (value) => sql`unhex(${value})` },
}

// Bytes compare alike everywhere; what a database's own collation makes of text differs.
const byBytes: Record<Family, Form> = {
  postgres: (column) => sql`${column} collate "C"`,
  mysql: cast('binary'),
}

/** How many rows a cursor hands out at once. */
const fetched = 200

/** The rows of a table by their key, in the same order on every database. Holds a few hundred in memory, however many there are. */
export async function* portableRows(tx: Transaction<any>, dialect: Dialect, table: TableShape): AsyncGenerator<PortableRow> {
  const forms = readForms[dialect.family]
  const kindOf = new Map(table.columns.map(({ name, kind }) => [name, kind]))
  let query: SelectQueryBuilder<any, any, any> = tx
    .selectFrom(table.name)
    .select(table.columns.map(({ name, kind }, index) => forms[kind](sql.ref(name)).as(`c${index}`)))
  for (const name of table.key) {
    const column = sql.ref(name)
    query = query.orderBy(kindOf.get(name) === 'text' ? byBytes[dialect.family](column) : column)
  }
  const reals = table.columns.flatMap(({ kind }, index) => (kind === 'real' ? [index] : []))
  for await (const row of streams[dialect.family](tx, query)) {
    const values = table.columns.map((_, index) => row[`c${index}`] ?? null)
    // The same number is written in two ways: 1e+21 and 1e21.
    for (const index of reals) if (values[index] !== null) values[index] = String(Number(values[index]))
    yield values
  }
}

type Stream = (tx: Transaction<any>, query: SelectQueryBuilder<any, any, any>) => AsyncIterable<Record<string, string | null>>

const streams: Record<Family, Stream> = {
  async *postgres(tx, query) {
    await sql`declare skykeel_rows no scroll cursor for ${query}`.execute(tx)
    for (;;) {
      const { rows } = await sql<Record<string, string | null>>`fetch forward ${sql.lit(fetched)} from skykeel_rows`.execute(tx)
      yield* rows
      if (rows.length < fetched) break
    }
    await sql`close skykeel_rows`.execute(tx)
  },
  mysql: (_, query) => query.stream(fetched),
}

/** Writes rows that `portableRows` gave, of this or another database. */
export async function insertPortableRows(
  tx: Kysely<any>,
  dialect: Dialect,
  { table, rows }: { readonly table: TableShape; readonly rows: readonly PortableRow[] },
): Promise<void> {
  const forms = writeForms[dialect.family]
  const cells = table.columns.map(({ name, kind }) => [name, forms[kind] ?? plain] as const)
  const values = rows.map((row) => Object.fromEntries(cells.map(([name, form], index) => [name, form(sql`${row[index]}`)])))
  await tx.insertInto(table.name).values(values).execute()
}

const isCounted: Record<Family, (tx: Kysely<any>) => Promise<{ tab: string; col: string }[]>> = {
  async postgres(tx) {
    const { rows } = await sql<{ tab: string; col: string }>`
      select table_name as tab, column_name as col from information_schema.columns
      where table_schema = current_schema() and is_identity = 'YES'`.execute(tx)
    return rows
  },
  // These follow what is inserted by themselves.
  mysql: async () => [],
}

/** Lets columns that the database counts up go on after the highest value that was inserted. */
export async function restartCounters(tx: Kysely<any>, dialect: Dialect): Promise<void> {
  for (const { tab, col } of await isCounted[dialect.family](tx)) {
    const next = sql`(select coalesce(max(${sql.ref(col)}), 0) + 1 from ${sql.table(tab)})`
    await sql`select setval(pg_get_serial_sequence(${tab}, ${col}), ${next}, false)`.execute(tx)
  }
}

const patient: Record<Family, ReturnType<typeof sql>> = {
  postgres: sql`select set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)`,
  // MySQL itself has no such time-out, and reads this as a comment.
  mysql: sql`set session net_write_timeout = 3600 /*M! , idle_transaction_timeout = 0 */`,
}

/** Lets this transaction take its time: its process may wait for a disk between two statements. */
export async function takeTime(tx: Kysely<any>, dialect: Dialect): Promise<void> {
  await patient[dialect.family].execute(tx)
}

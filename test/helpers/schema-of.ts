import { sql } from 'kysely'
import type { Database } from '../../src/kernel/sql/database.ts'

// The queue's own tables are on PostgreSQL only: beside MariaDB the queue is RabbitMQ.
const isQueue = (table: string) => table.startsWith('kernel_messages')

/** Tables, columns and keys, one line each. A column ends with ? when it may be null, else with = when it has a default. */
export interface Schema {
  readonly columns: readonly string[]
  readonly indexes: readonly string[]
}

/** The schema of a database as both kinds can tell it. */
export async function schemaOf({ db, dialect }: Database): Promise<Schema> {
  const isPostgres = dialect.family === 'postgres'
  const own = isPostgres ? sql`current_schema()` : sql`database()`
  const columns = await sql<{ tab: string; col: string; nullable: string; preset: string | null }>`
    select table_name as tab, column_name as col, is_nullable as nullable, column_default as preset
    from information_schema.columns where table_schema = ${own}`.execute(db)
  const indexes = isPostgres
    ? await sql<{ tab: string; uniq: boolean; cols: string }>`
        select c.relname as tab, i.indisunique as uniq, string_agg(a.attname, ',' order by k.place) as cols
        from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        cross join lateral unnest(i.indkey) with ordinality as k(number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
        where n.nspname = current_schema() group by c.relname, i.indisunique, i.indexrelid`.execute(db)
    : await sql<{ tab: string; uniq: number; cols: string }>`
        select table_name as tab, 1 - non_unique as uniq, group_concat(column_name order by seq_in_index) as cols
        from information_schema.statistics where table_schema = database() group by table_name, index_name, non_unique`.execute(db)
  return {
    columns: columns.rows
      .filter(({ tab }) => !isQueue(tab))
      .map(({ tab, col, nullable, preset }) => `${tab}.${col}${nullable === 'YES' ? '?' : preset === null ? '' : '='}`)
      .toSorted(),
    indexes: indexes.rows
      .filter(({ tab }) => !isQueue(tab))
      .map(({ tab, uniq, cols }) => `${Number(uniq) ? 'unique ' : ''}${tab}(${cols})`)
      .toSorted(),
  }
}

import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Dialect } from './dialect.ts'

/** Creates an index unless it is there. MySQL has no "if not exists" for it and answers 1061 instead. */
export async function addIndex(
  db: Kysely<any>,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
  options: { unique?: boolean } = {},
): Promise<void> {
  const name = `${table}_${columns.join('_')}`.slice(0, 60)
  const list = sql.join(columns.map((column) => sql.ref(column)))
  const create = sql`create ${sql.raw(options.unique ? 'unique ' : '')}index ${sql.raw(dialect.family === 'postgres' ? 'if not exists ' : '')}${sql.ref(name)} on ${sql.table(table)} (${list})`
  try {
    await create.execute(db)
  } catch (error) {
    if ((error as { errno?: number }).errno !== 1061) throw error
  }
}

/**
 * Adds a column unless it is there. Its default is for rows that are there, and for a release that does not know it; without one it may be null.
 * MySQL answers 1060.
 */
export async function addColumn(
  db: Kysely<any>,
  dialect: Dialect,
  table: string,
  column: string,
  { type, defaultTo }: { type: RawBuilder<unknown>; defaultTo?: number | boolean },
): Promise<void> {
  const add = sql.raw(`add column ${dialect.family === 'postgres' ? 'if not exists ' : ''}`)
  const rest = defaultTo === undefined ? sql`` : sql` not null default ${sql.lit(defaultTo)}`
  try {
    await sql`alter table ${sql.table(table)} ${add}${sql.ref(column)} ${type}${rest}`.execute(db)
  } catch (error) {
    if ((error as { errno?: number }).errno !== 1060) throw error
  }
}

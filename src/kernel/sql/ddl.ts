import { sql, type Kysely } from 'kysely'
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

import type { Context } from '../kernel/context.ts'
import type { Db, Tx } from '../kernel/sql/tables.ts'

/** Traits and resource classes that users made are kept alike: a name, and how many providers use it. */
export type CustomTable = 'placement_traits' | 'placement_resource_classes'

export const isCustom = (name: string): boolean => name.startsWith('CUSTOM_')

/** Makes a name known; false when it is already. */
export const insertName = (ctx: Context, tx: Tx, table: CustomTable, name: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, table, { name, uses: 0, created_at: ctx.dialect.now() })

/** One more provider has it, or one less; says whether the name is known. A standard name always is. */
export async function countUse(tx: Tx, table: CustomTable, name: string, delta: 1 | -1): Promise<boolean> {
  if (!isCustom(name)) return true
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set((eb) => ({ uses: eb('uses', '+', delta) }))
    .where('name', '=', name)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Forgets a name that nobody uses; says whether it did. */
export async function deleteUnusedName(tx: Tx, table: CustomTable, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom(table).where('name', '=', name).where('uses', '=', 0).executeTakeFirst()
  return Number(numDeletedRows) === 1
}

export interface CustomName {
  readonly name: string
  readonly createdAt: Date
}

/** Those of `names` that are known, or all. */
export async function customNames(db: Db, table: CustomTable, names?: readonly string[]): Promise<CustomName[]> {
  if (names?.length === 0) return []
  let query = db.selectFrom(table).select(['name', 'created_at']).orderBy('name')
  if (names) query = query.where('name', 'in', names)
  return (await query.execute()).map((row) => ({ name: row.name, createdAt: row.created_at }))
}

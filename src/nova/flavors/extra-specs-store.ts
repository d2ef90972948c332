import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../tables.ts'

export type ExtraSpecs = Readonly<Record<string, string>>

/** The extra specs of several flavors in one query; a flavor without any is not in the map. */
export async function extraSpecsOf(db: Db, flavorIds: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const specs = new Map<string, Record<string, string>>()
  if (flavorIds.length === 0) return specs
  const rows = await db.selectFrom('nova_flavor_extra_specs').selectAll().where('flavor_id', 'in', flavorIds).orderBy('name').execute()
  for (const { flavor_id: id, name, value } of rows) {
    const known = specs.get(id)
    if (known) known[name] = value
    else specs.set(id, { [name]: value })
  }
  return specs
}

/** The extra specs of one flavor. */
export const extraSpecs = async (db: Db, flavorId: string): Promise<ExtraSpecs> => (await extraSpecsOf(db, [flavorId])).get(flavorId) ?? {}

/** Sets some extra specs and leaves the others. */
export async function setExtraSpecs(ctx: Context, tx: Tx, flavorId: string, specs: ExtraSpecs): Promise<void> {
  for (const [name, value] of Object.entries(specs)) {
    if (await ctx.dialect.insertIfAbsent(tx, 'nova_flavor_extra_specs', { flavor_id: flavorId, name, value })) continue
    await tx.updateTable('nova_flavor_extra_specs').set({ value }).where('flavor_id', '=', flavorId).where('name', '=', name).execute()
  }
}

/** False: the flavor has no such spec. */
export async function deleteExtraSpec(tx: Tx, flavorId: string, name: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('nova_flavor_extra_specs')
    .where('flavor_id', '=', flavorId)
    .where('name', '=', name)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** The tags of these resources, sorted; resources without any are absent. */
export async function tagsOf(db: Db, resourceIds: readonly string[]): Promise<Map<string, string[]>> {
  const tags = new Map<string, string[]>()
  if (resourceIds.length === 0) return tags
  const rows = await db
    .selectFrom('neutron_tags')
    .selectAll()
    .where('resource_id', 'in', [...resourceIds])
    .orderBy('tag')
    .execute()
  for (const row of rows) tags.set(row.resource_id, [...(tags.get(row.resource_id) ?? []), row.tag])
  return tags
}

export async function hasTag(db: Db, resourceId: string, tag: string): Promise<boolean> {
  const row = await db
    .selectFrom('neutron_tags')
    .select('tag')
    .where('resource_id', '=', resourceId)
    .where('tag', '=', tag)
    .executeTakeFirst()
  return row !== undefined
}

/** Adds a tag; harmless when it is there. */
export async function addTag(ctx: Context, tx: Tx, resourceId: string, tag: string): Promise<void> {
  await ctx.dialect.insertIfAbsent(tx, 'neutron_tags', { resource_id: resourceId, tag })
}

export async function deleteTag(tx: Tx, resourceId: string, tag: string): Promise<void> {
  await tx.deleteFrom('neutron_tags').where('resource_id', '=', resourceId).where('tag', '=', tag).execute()
}

/** Removes all tags of resources that are deleted, or about to be tagged anew. */
export async function deleteTagsOf(tx: Tx, resourceIds: readonly string[]): Promise<void> {
  if (resourceIds.length > 0)
    await tx
      .deleteFrom('neutron_tags')
      .where('resource_id', 'in', [...resourceIds])
      .execute()
}

/** Makes these, and no others, the tags of the resource. */
export async function replaceTags(ctx: Context, tx: Tx, resourceId: string, tags: readonly string[]): Promise<void> {
  await deleteTagsOf(tx, [resourceId])
  for (const tag of new Set(tags)) await addTag(ctx, tx, resourceId, tag)
}

/** The tables whose rows can have tags. */
export type TaggedTable =
  | 'neutron_networks'
  | 'neutron_subnets'
  | 'neutron_ports'
  | 'neutron_routers'
  | 'neutron_floating_ips'
  | 'neutron_security_groups'

/** Counts a change of the resource; false when it is gone. */
export async function touch(ctx: Context, tx: Tx, table: TaggedTable, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set((eb: any) => ({ revision_number: eb('revision_number', '+', 1), updated_at: ctx.dialect.now() }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

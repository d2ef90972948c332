import type { Context } from '../../../kernel/context.ts'
import type { Db, Tx } from '../../../kernel/sql/tables.ts'
import type { AssociationRow, ResourceTypeRow } from '../../tables.ts'
import type { AssociationDocument } from './schema.ts'

const table = 'glance_metadef_associations'

export const listResourceTypes = (db: Db): Promise<ResourceTypeRow[]> =>
  db.selectFrom('glance_metadef_resource_types').selectAll().orderBy('name').execute()

/** Makes a type of resources known; harmless when it is. */
export async function insertResourceType(ctx: Context, tx: Tx, name: string): Promise<void> {
  const now = ctx.dialect.now()
  await ctx.dialect.insertIfAbsent(tx, 'glance_metadef_resource_types', { name, created_at: now, updated_at: now })
}

/** Which types of resources these namespaces are for. */
export async function associationsOf(db: Db, namespaceIds: readonly string[]): Promise<AssociationRow[]> {
  if (namespaceIds.length === 0) return []
  return db.selectFrom(table).selectAll().where('namespace_id', 'in', namespaceIds).orderBy('resource_type').execute()
}

export const associationOf = (db: Db, namespaceId: string, resourceType: string): Promise<AssociationRow | undefined> =>
  db.selectFrom(table).selectAll().where('namespace_id', '=', namespaceId).where('resource_type', '=', resourceType).executeTakeFirst()

/** False: the namespace is for that type already. */
export async function insertAssociation(
  ctx: Context,
  tx: Tx,
  namespaceId: string,
  { name, prefix, properties_target }: AssociationDocument,
): Promise<boolean> {
  const now = ctx.dialect.now()
  return ctx.dialect.insertIfAbsent(tx, table, {
    namespace_id: namespaceId,
    resource_type: name,
    prefix: prefix ?? null,
    properties_target: properties_target ?? null,
    created_at: now,
    updated_at: now,
  })
}

export async function deleteAssociation(tx: Tx, { namespace_id, resource_type }: AssociationRow): Promise<void> {
  await tx.deleteFrom(table).where('namespace_id', '=', namespace_id).where('resource_type', '=', resource_type).execute()
}

import '../catalog/tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { EndpointGroupRow } from '../catalog/tables.ts'
import type { Filters } from './filters.ts'

export const endpointGroupById = (db: Db, id: string): Promise<EndpointGroupRow | undefined> =>
  db.selectFrom('keystone_endpoint_groups').selectAll().where('id', '=', id).executeTakeFirst()

export const listEndpointGroups = (db: Db, { name, ...page }: Page & { readonly name?: string }): Promise<EndpointGroupRow[]> =>
  paged(equalTo(db.selectFrom('keystone_endpoint_groups').selectAll(), { name }), page).execute()

export async function insertEndpointGroup(
  tx: Tx,
  { filters, ...group }: { id: string; name: string; description: string | null; filters: Filters },
): Promise<void> {
  await tx
    .insertInto('keystone_endpoint_groups')
    .values({ ...group, filters_json: json(filters) })
    .execute()
}

export interface EndpointGroupChange {
  readonly name?: string
  readonly description?: string | null
  readonly filters_json?: string
}

export async function updateEndpointGroup(tx: Tx, id: string, change: EndpointGroupChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_endpoint_groups').set(change).where('id', '=', id).execute()
}

export async function deleteEndpointGroup(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_project_endpoint_groups').where('group_id', '=', id).execute()
  await tx.deleteFrom('keystone_endpoint_groups').where('id', '=', id).execute()
}

import '../catalog/tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { EndpointRow, Interface } from '../catalog/tables.ts'

export const endpointById = (db: Db, id: string): Promise<EndpointRow | undefined> =>
  db.selectFrom('keystone_endpoints').selectAll().where('id', '=', id).executeTakeFirst()

export interface EndpointFilters extends Page {
  readonly interface?: string
  readonly service_id?: string
  readonly region_id?: string
}

export const listEndpoints = (db: Db, { interface: of, service_id, region_id, ...page }: EndpointFilters): Promise<EndpointRow[]> =>
  paged(equalTo(db.selectFrom('keystone_endpoints').selectAll(), { interface: of, service_id, region_id }), page).execute()

export interface NewEndpoint {
  readonly id: string
  readonly serviceId: string
  readonly regionId: string | null
  readonly interface: Interface
  readonly url: string
  readonly enabled?: boolean
  readonly extra?: object
}

export async function insertEndpoint(tx: Tx, endpoint: NewEndpoint): Promise<void> {
  await tx
    .insertInto('keystone_endpoints')
    .values({
      id: endpoint.id,
      service_id: endpoint.serviceId,
      region_id: endpoint.regionId,
      interface: endpoint.interface,
      url: endpoint.url,
      enabled: endpoint.enabled ?? true,
      extra_json: json(endpoint.extra ?? {}),
    })
    .execute()
}

export interface EndpointChange {
  readonly service_id?: string
  readonly region_id?: string | null
  readonly interface?: Interface
  readonly url?: string
  readonly enabled?: boolean
  readonly extra_json?: string
}

export async function updateEndpoint(tx: Tx, id: string, change: EndpointChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_endpoints').set(change).where('id', '=', id).execute()
}

export async function deleteEndpoint(tx: Tx, id: string): Promise<boolean> {
  await tx.deleteFrom('keystone_policy_associations').where('endpoint_id', '=', id).execute()
  await tx.deleteFrom('keystone_project_endpoints').where('endpoint_id', '=', id).execute()
  const result = await tx.deleteFrom('keystone_endpoints').where('id', '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

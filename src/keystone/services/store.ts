import '../catalog/tables.ts'
import { deleteEndpoint } from '../endpoints/store.ts'
import { equalTo, named, paged, type NameFilters, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { ServiceRow } from '../catalog/tables.ts'

export const serviceById = (db: Db, id: string): Promise<ServiceRow | undefined> =>
  db.selectFrom('keystone_services').selectAll().where('id', '=', id).executeTakeFirst()

export interface ServiceFilters extends NameFilters, Page {
  readonly type?: string
}

export const listServices = (db: Db, { type, ...rest }: ServiceFilters): Promise<ServiceRow[]> =>
  paged(named(equalTo(db.selectFrom('keystone_services').selectAll(), { type }), rest), rest).execute()

export interface NewService {
  readonly id: string
  readonly type: string
  readonly name: string | null
  readonly description?: string | null
  readonly enabled?: boolean
  readonly extra?: object
}

export async function insertService(tx: Tx, service: NewService): Promise<void> {
  await tx
    .insertInto('keystone_services')
    .values({
      id: service.id,
      type: service.type,
      name: service.name,
      description: service.description ?? null,
      enabled: service.enabled ?? true,
      extra_json: json(service.extra ?? {}),
    })
    .execute()
}

export interface ServiceChange {
  readonly type?: string
  readonly name?: string
  readonly description?: string | null
  readonly enabled?: boolean
  readonly extra_json?: string
}

export async function updateService(tx: Tx, id: string, change: ServiceChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_services').set(change).where('id', '=', id).execute()
}

/** Removes a service with its endpoints. */
export async function deleteService(tx: Tx, id: string): Promise<boolean> {
  const endpoints = await tx.selectFrom('keystone_endpoints').select('id').where('service_id', '=', id).execute()
  for (const endpoint of endpoints) await deleteEndpoint(tx, endpoint.id)
  await tx.deleteFrom('keystone_policy_associations').where('service_id', '=', id).execute()
  const result = await tx.deleteFrom('keystone_services').where('id', '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

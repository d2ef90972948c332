import '../tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { LimitRow, RegisteredLimitRow } from '../tables.ts'

/** What a limit is about; `region_id` '' means every region. */
export interface Resource {
  readonly service_id: string
  readonly region_id: string
  readonly resource_name: string
}

type Filters = Page & Partial<Resource>

export const registeredLimitById = (db: Db, id: string): Promise<RegisteredLimitRow | undefined> =>
  db.selectFrom('keystone_registered_limits').selectAll().where('id', '=', id).executeTakeFirst()

export const registeredLimitOf = (db: Db, resource: Resource): Promise<RegisteredLimitRow | undefined> =>
  equalTo(db.selectFrom('keystone_registered_limits').selectAll(), { ...resource }).executeTakeFirst()

export const listRegisteredLimits = (db: Db, { service_id, region_id, resource_name, ...page }: Filters): Promise<RegisteredLimitRow[]> =>
  paged(equalTo(db.selectFrom('keystone_registered_limits').selectAll(), { service_id, region_id, resource_name }), page).execute()

/** False: this resource has its registered limit. */
export const insertRegisteredLimit = (ctx: Context, tx: Tx, row: RegisteredLimitRow): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_registered_limits', { ...row })

export async function updateRegisteredLimit(tx: Tx, id: string, change: Partial<Omit<RegisteredLimitRow, 'id'>>): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_registered_limits').set(change).where('id', '=', id).execute()
}

export async function deleteRegisteredLimit(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_registered_limits').where('id', '=', id).execute()
}

export const limitById = (db: Db, id: string): Promise<LimitRow | undefined> =>
  db.selectFrom('keystone_limits').selectAll().where('id', '=', id).executeTakeFirst()

/** Whose limits: those of one project or domain, those of a domain and the projects in it. */
export interface OwnerFilters {
  readonly owner_id?: string
  readonly withinDomain?: string
}

export function listLimits(
  db: Db,
  { service_id, region_id, resource_name, owner_id, withinDomain, ...page }: Filters & OwnerFilters,
): Promise<LimitRow[]> {
  let query = equalTo(db.selectFrom('keystone_limits').selectAll(), { service_id, region_id, resource_name, owner_id })
  if (withinDomain !== undefined) {
    const inside = db.selectFrom('keystone_projects').select('id').where('domain_id', '=', withinDomain)
    query = query.where((is) => is.or([is('owner_id', '=', withinDomain), is('owner_id', 'in', inside)]))
  }
  return paged(query, page).execute()
}

export async function hasLimits(db: Db, { service_id, region_id, resource_name }: Resource): Promise<boolean> {
  return (
    (await equalTo(db.selectFrom('keystone_limits').select('id'), { service_id, region_id, resource_name }).limit(1).executeTakeFirst()) !==
    undefined
  )
}

/** False: this owner has a limit for this resource. */
export const insertLimit = (ctx: Context, tx: Tx, row: LimitRow): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_limits', { ...row })

export async function updateLimit(tx: Tx, id: string, change: { resource_limit?: number; description?: string | null }): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_limits').set(change).where('id', '=', id).execute()
}

export async function deleteLimit(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_limits').where('id', '=', id).execute()
}

/**
 * The limits of a project for what services of this type have, by resource: its own, and else the registered ones. One for a region comes before
 * one for all; a cloud is one region. -1 is no limit.
 */
export async function limitsOfProject(db: Db, projectId: string, serviceType: string): Promise<Readonly<Record<string, number>>> {
  const services = db.selectFrom('keystone_services').select('id').where('type', '=', serviceType)
  const registered = await db
    .selectFrom('keystone_registered_limits')
    .select(['resource_name', 'default_limit as limit'])
    .where('service_id', 'in', services)
    .orderBy('region_id')
    .execute()
  if (registered.length === 0) return {}
  const own = await db
    .selectFrom('keystone_limits')
    .select(['resource_name', 'resource_limit as limit'])
    .where('owner_id', '=', projectId)
    .where('service_id', 'in', services)
    .orderBy('region_id')
    .execute()
  return Object.fromEntries([...registered, ...own].map(({ resource_name, limit }) => [resource_name, Number(limit)]))
}

import '../catalog/tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { RegionRow } from '../catalog/tables.ts'

export const regionById = (db: Db, id: string): Promise<RegionRow | undefined> =>
  db.selectFrom('keystone_regions').selectAll().where('id', '=', id).executeTakeFirst()

export interface RegionFilters extends Page {
  readonly parent_region_id?: string
}

export const listRegions = (db: Db, { parent_region_id, ...page }: RegionFilters): Promise<RegionRow[]> =>
  paged(equalTo(db.selectFrom('keystone_regions').selectAll(), { parent_region_id }), page).execute()

export interface NewRegion {
  readonly id: string
  readonly parentRegionId?: string | null
  readonly description?: string
  readonly extra?: object
}

/** False: there is a region of this id. */
export const insertRegion = (ctx: Context, tx: Tx, region: NewRegion): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_regions', {
    id: region.id,
    parent_region_id: region.parentRegionId ?? null,
    description: region.description ?? '',
    extra_json: json(region.extra ?? {}),
  })

export interface RegionChange {
  readonly parent_region_id?: string | null
  readonly description?: string
  readonly extra_json?: string
}

export async function updateRegion(tx: Tx, id: string, change: RegionChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_regions').set(change).where('id', '=', id).execute()
}

/** Whether regions or endpoints still name it. */
export async function regionInUse(db: Db, id: string): Promise<'regions' | 'endpoints' | undefined> {
  if (await db.selectFrom('keystone_endpoints').select('id').where('region_id', '=', id).limit(1).executeTakeFirst()) return 'endpoints'
  if (await db.selectFrom('keystone_regions').select('id').where('parent_region_id', '=', id).limit(1).executeTakeFirst()) return 'regions'
  return undefined
}

export async function deleteRegion(tx: Tx, id: string): Promise<boolean> {
  await tx.deleteFrom('keystone_policy_associations').where('region_id', '=', id).execute()
  const result = await tx.deleteFrom('keystone_regions').where('id', '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

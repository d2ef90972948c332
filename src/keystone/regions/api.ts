import { route } from '../../cloud/service.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { created, noContent, ok, type Answer } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { found, stored } from '../refusals.ts'
import { CreateRegion, RegionFields, RegionQuery, UpdateRegion } from './schema.ts'
import { deleteRegion, insertRegion, listRegions, regionById, regionInUse, updateRegion } from './store.ts'
import { regionView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

type NewRegion = { id?: string; parent_region_id?: string | null; description?: string | null }

async function create(ctx: CloudContext, tx: Tx, region: NewRegion): Promise<Answer> {
  await checkParent(tx, region.parent_region_id)
  const id = region.id || ctx.ids.hex()
  const parentRegionId = region.parent_region_id ?? null
  const isNew = await insertRegion(ctx, tx, {
    id,
    parentRegionId,
    description: region.description ?? '',
    extra: extraOf(region, RegionFields),
  })
  if (!isNew) throw stored('region', `Duplicate ID, ${id}.`)
  return created({ region: regionView(ctx)((await regionById(tx, id))!) })
}

async function checkParent(db: Db, id: string | null | undefined): Promise<void> {
  if (id !== undefined && id !== null) found(await regionById(db, id), 'region', id)
}

export const regions = [
  route('GET /v3/regions', {
    rule: 'identity:list_regions',
    query: RegionQuery,
    run: async (ctx, db, { query }) => ok(collection(ctx, 'regions', await listRegions(db, query), regionView(ctx), query.limit)),
  }),
  route('POST /v3/regions', {
    rule: 'identity:create_region',
    body: CreateRegion,
    run: (ctx, tx, { body }) => create(ctx, tx, body.region),
  }),
  route('PUT /v3/regions/:region_id', {
    rule: 'identity:create_region',
    body: CreateRegion,
    run: async (ctx, tx, { params, body: { region } }) => {
      if (region.id !== undefined && region.id !== params.region_id)
        throw invalid('Conflicting region IDs specified: "id" and the URL differ.')
      return create(ctx, tx, { ...region, id: params.region_id })
    },
  }),
  route('GET /v3/regions/:region_id', {
    rule: 'identity:get_region',
    run: async (ctx, db, { params }) =>
      ok({ region: regionView(ctx)(found(await regionById(db, params.region_id), 'region', params.region_id)) }),
  }),
  route('PATCH /v3/regions/:region_id', {
    rule: 'identity:update_region',
    body: UpdateRegion,
    run: async (ctx, tx, { params, body: { region } }) => {
      const row = found(await regionById(tx, params.region_id), 'region', params.region_id)
      if (region.parent_region_id === row.id) throw invalid('A region can not be its own parent.')
      await checkParent(tx, region.parent_region_id)
      await updateRegion(tx, row.id, {
        ...given(region, 'parent_region_id'),
        ...(region.description !== undefined && { description: region.description ?? '' }),
        ...extraChange(row.extra_json, region, RegionFields),
      })
      return ok({ region: regionView(ctx)((await regionById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/regions/:region_id', {
    rule: 'identity:delete_region',
    run: async (ctx, tx, { params }) => {
      const row = found(await regionById(tx, params.region_id), 'region', params.region_id)
      const users = await regionInUse(tx, row.id)
      if (users) throw forbidden(`Unable to delete region ${row.id} because it or its child regions have associated ${users}.`)
      await deleteRegion(tx, row.id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]

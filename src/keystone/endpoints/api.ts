import { route } from '../../cloud/service.ts'
import { invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { couldNotFind, found } from '../refusals.ts'
import { insertRegion, regionById } from '../regions/store.ts'
import { serviceById } from '../services/store.ts'
import { CreateEndpoint, EndpointFields, EndpointQuery, UpdateEndpoint } from './schema.ts'
import { deleteEndpoint, endpointById, insertEndpoint, listEndpoints, updateEndpoint } from './store.ts'
import { endpointView } from './view.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

export const endpoints = [
  route('GET /v3/endpoints', {
    rule: 'identity:list_endpoints',
    query: EndpointQuery,
    run: async (ctx, db, { query: { region, ...query } }) => {
      const rows = await listEndpoints(db, { ...query, ...(region !== undefined && { region_id: region }) })
      return ok(collection(ctx, 'endpoints', rows, endpointView(ctx), query.limit))
    },
  }),
  route('POST /v3/endpoints', {
    rule: 'identity:create_endpoint',
    body: CreateEndpoint,
    run: async (ctx, tx, { body: { endpoint } }) => {
      await checkService(tx, endpoint.service_id)
      const id = ctx.ids.hex()
      await insertEndpoint(tx, {
        id,
        serviceId: endpoint.service_id,
        regionId: (await regionOf(ctx, tx, endpoint)) ?? null,
        interface: endpoint.interface,
        url: endpoint.url,
        enabled: endpoint.enabled ?? true,
        extra: extraOf(endpoint, EndpointFields),
      })
      changed(ctx, tx)
      return created({ endpoint: endpointView(ctx)((await endpointById(tx, id))!) })
    },
  }),
  route('GET /v3/endpoints/:endpoint_id', {
    rule: 'identity:get_endpoint',
    run: async (ctx, db, { params }) =>
      ok({ endpoint: endpointView(ctx)(found(await endpointById(db, params.endpoint_id), 'endpoint', params.endpoint_id)) }),
  }),
  route('PATCH /v3/endpoints/:endpoint_id', {
    rule: 'identity:update_endpoint',
    body: UpdateEndpoint,
    run: async (ctx, tx, { params, body: { endpoint } }) => {
      const row = found(await endpointById(tx, params.endpoint_id), 'endpoint', params.endpoint_id)
      if (endpoint.service_id !== undefined) await checkService(tx, endpoint.service_id)
      const regionId = await regionOf(ctx, tx, endpoint)
      await updateEndpoint(tx, row.id, {
        ...given(endpoint, 'service_id', 'interface', 'url', 'enabled'),
        ...(regionId !== undefined && { region_id: regionId }),
        ...extraChange(row.extra_json, endpoint, EndpointFields),
      })
      changed(ctx, tx)
      return ok({ endpoint: endpointView(ctx)((await endpointById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/endpoints/:endpoint_id', {
    rule: 'identity:delete_endpoint',
    run: async (ctx, tx, { params }) => {
      if (!(await deleteEndpoint(tx, params.endpoint_id))) throw couldNotFind('endpoint', params.endpoint_id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]

async function checkService(tx: Tx, id: string): Promise<void> {
  if (!(await serviceById(tx, id))) throw invalid(`Could not find service: ${id}.`)
}

/** The region that the body names; undefined when it names none. */
async function regionOf(
  ctx: Context,
  tx: Tx,
  body: { region_id?: string | null; region?: string | null },
): Promise<string | null | undefined> {
  if (body.region_id === undefined && body.region) await insertRegion(ctx, tx, { id: body.region })
  const id = body.region_id ?? body.region
  if (id && !(await regionById(tx, id))) throw invalid(`Could not find region: ${id}.`)
  return id
}

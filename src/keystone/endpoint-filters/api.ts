import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { json } from '../../kernel/sql/tables.ts'
import { given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { found } from '../refusals.ts'
import { validFilters } from './filters.ts'
import { CreateEndpointGroup, EndpointGroupQuery, UpdateEndpointGroup } from './schema.ts'
import { deleteEndpointGroup, endpointGroupById, insertEndpointGroup, listEndpointGroups, updateEndpointGroup } from './store.ts'
import { endpointGroupView } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { EndpointGroupRow } from '../catalog/tables.ts'

/** The group of endpoints, or keystone's 404. */
export const theGroup = async (db: Db, id: string): Promise<EndpointGroupRow> =>
  found(await endpointGroupById(db, id), 'endpoint group', id)

/** Groups of endpoints, by what they have in common. */
export const endpointGroups = [
  route('GET /v3/OS-EP-FILTER/endpoint_groups', {
    rule: 'identity:list_endpoint_groups',
    query: EndpointGroupQuery,
    run: async (ctx, db, { query }) =>
      ok(collection(ctx, 'endpoint_groups', await listEndpointGroups(db, query), endpointGroupView(ctx), query.limit)),
  }),
  route('POST /v3/OS-EP-FILTER/endpoint_groups', {
    rule: 'identity:create_endpoint_group',
    body: CreateEndpointGroup,
    run: async (ctx, tx, { body: { endpoint_group: group } }) => {
      const id = ctx.ids.hex()
      const filters = validFilters(group.filters)
      await insertEndpointGroup(tx, { id, name: group.name, description: group.description ?? null, filters })
      return created({ endpoint_group: endpointGroupView(ctx)(await theGroup(tx, id)) })
    },
  }),
  route('GET /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id', {
    rule: 'identity:get_endpoint_group',
    run: async (ctx, db, { params }) => ok({ endpoint_group: endpointGroupView(ctx)(await theGroup(db, params.endpoint_group_id)) }),
  }),
  route('PATCH /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id', {
    rule: 'identity:update_endpoint_group',
    body: UpdateEndpointGroup,
    run: async (ctx, tx, { params, body: { endpoint_group: change } }) => {
      const { id } = await theGroup(tx, params.endpoint_group_id)
      await updateEndpointGroup(tx, id, {
        ...given(change, 'name', 'description'),
        ...(change.filters && { filters_json: json(validFilters(change.filters)) }),
      })
      changed(ctx, tx)
      return ok({ endpoint_group: endpointGroupView(ctx)(await theGroup(tx, id)) })
    },
  }),
  route('DELETE /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id', {
    rule: 'identity:delete_endpoint_group',
    run: async (ctx, tx, { params }) => {
      await deleteEndpointGroup(tx, (await theGroup(tx, params.endpoint_group_id)).id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]

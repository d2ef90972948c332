import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { createOneOrMany } from '../bulk.ts'
import { listAnswer, withFields } from '../listing.ts'
import { createNetwork } from './create.ts'
import { deleteNetwork } from './delete.ts'
import { listedNetworks } from './listed.ts'
import { requestedNetwork } from './request.ts'
import { CreateNetworks, UpdateNetwork, type NewNetwork } from './schema.ts'
import { networkById } from './store.ts'
import { updateNetwork } from './update.ts'
import { networkViews } from './views.ts'
import { visibleNetwork, visibleNetworks } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow } from '../tables.ts'

async function shown(ctx: CloudContext, db: Db, id: string) {
  const [view] = await networkViews(ctx, db, [(await networkById(db, id))!])
  return view!
}

export const networks = [
  route('GET /v2.0/networks', {
    rule: 'get_network',
    run: async (ctx, db) =>
      ok(
        await listAnswer<NetworkRow>(ctx, db, listedNetworks, {
          visible: (query) => visibleNetworks(ctx, query),
          views: (pool, rows) => networkViews(ctx, pool, rows),
        }),
      ),
  }),
  route('POST /v2.0/networks', {
    rule: 'create_network',
    body: CreateNetworks,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewNetwork, object>(body, {
        one: 'network',
        many: 'networks',
        make: async (wanted) => shown(ctx, tx, await createNetwork(ctx, tx, requestedNetwork(ctx, wanted))),
      }),
  }),
  route('GET /v2.0/networks/:id', {
    rule: 'get_network',
    run: async (ctx, db, { params }) => {
      const [view] = await networkViews(ctx, db, [await visibleNetwork(ctx, db, params.id)])
      return ok({ network: withFields(ctx, view!) })
    },
  }),
  route('PUT /v2.0/networks/:id', {
    rule: 'update_network',
    body: UpdateNetwork,
    run: async (ctx, tx, { params, body }) => {
      await updateNetwork(ctx, tx, { id: params.id, body: body.network })
      return ok({ network: await shown(ctx, tx, params.id) })
    },
  }),
  route('DELETE /v2.0/networks/:id', {
    rule: 'delete_network',
    run: async (ctx, tx, { params }) => {
      await deleteNetwork(ctx, tx, params.id)
      return noContent()
    },
  }),
]

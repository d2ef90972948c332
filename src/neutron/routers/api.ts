import { noContent, ok } from '../../kernel/http/answer.ts'
import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { createOneOrMany } from '../bulk.ts'
import { listAnswer, withFields } from '../listing.ts'
import { assertRevision } from '../revision.ts'
import { present } from '../values.ts'
import type { FilterQuery } from '../filters.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { RouterRow } from '../routing-tables.ts'
import { ownRouter } from './change.ts'
import { createRouter } from './create.ts'
import { deleteRouter } from './delete.ts'
import { addInterface, removeInterface } from './interfaces.ts'
import { listedRouters } from './listed.ts'
import { requestedRouter } from './request.ts'
import { CreateRouters, ExtraRoutes, InterfaceInfo, UpdateRouter, type NewRouterBody } from './schema.ts'
import { changeRoutes, updateRouter } from './update.ts'
import { routerViews } from './views.ts'
import { visibleRouter } from './visible.ts'

/** The routes of routers. */
export const routers = [
  route('GET /v2.0/routers', {
    rule: 'get_router',
    run: async (ctx, db) =>
      ok(
        await listAnswer<RouterRow>(ctx, db, listedRouters, {
          visible: (query) => ownOnes(ctx, query),
          views: (pool, rows) => routerViews(ctx, pool, rows),
        }),
      ),
  }),
  route('POST /v2.0/routers', {
    rule: 'create_router',
    body: CreateRouters,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewRouterBody, object>(body, {
        one: 'router',
        many: 'routers',
        make: async (wanted) => shown(ctx, tx, await createRouter(ctx, tx, await requestedRouter(ctx, tx, wanted))),
      }),
  }),
  route('GET /v2.0/routers/:id', {
    rule: 'get_router',
    run: async (ctx, db, { params }) => ok({ router: withFields(ctx, await shown(ctx, db, params.id)) }),
  }),
  route('PUT /v2.0/routers/:id', {
    rule: 'update_router',
    body: UpdateRouter,
    run: async (ctx, tx, { params, body }) => {
      await updateRouter(ctx, tx, { id: params.id, body: body.router })
      return ok({ router: await shown(ctx, tx, params.id) })
    },
  }),
  route('DELETE /v2.0/routers/:id', {
    rule: 'delete_router',
    run: async (ctx, tx, { params }) => {
      assertRevision(ctx, await visibleRouter(ctx, tx, params.id))
      await deleteRouter(ctx, tx, await ownRouter(ctx, tx, params.id))
      return noContent()
    },
  }),
  route('PUT /v2.0/routers/:id/add_router_interface', {
    rule: 'add_router_interface',
    body: InterfaceInfo,
    run: async (ctx, tx, { params, body }) => ok(await addInterface(ctx, tx, { routerId: params.id, ...idsOf(body) })),
  }),
  route('PUT /v2.0/routers/:id/remove_router_interface', {
    rule: 'remove_router_interface',
    body: InterfaceInfo,
    run: async (ctx, tx, { params, body }) => ok(await removeInterface(ctx, tx, { routerId: params.id, ...idsOf(body) })),
  }),
  route('PUT /v2.0/routers/:id/add_extraroutes', {
    rule: 'add_extraroutes',
    body: ExtraRoutes,
    run: async (ctx, tx, { params, body }) => {
      await changeRoutes(ctx, tx, { id: params.id, add: body.router.routes })
      return ok({ router: await shown(ctx, tx, params.id) })
    },
  }),
  route('PUT /v2.0/routers/:id/remove_extraroutes', {
    rule: 'remove_extraroutes',
    body: ExtraRoutes,
    run: async (ctx, tx, { params, body }) => {
      await changeRoutes(ctx, tx, { id: params.id, remove: body.router.routes })
      return ok({ router: await shown(ctx, tx, params.id) })
    },
  }),
]

const idsOf = (body: { subnet_id?: string; port_id?: string }) => present({ subnetId: body.subnet_id, portId: body.port_id })

const shown = async (ctx: CloudContext, db: Db, id: string): Promise<object> =>
  (await routerViews(ctx, db, [await visibleRouter(ctx, db, id)]))[0]!

const ownOnes = (ctx: CloudContext, query: FilterQuery): FilterQuery =>
  isAdmin(ctx.subject) ? query : query.where('neutron_routers.project_id', '=', projectOf(ctx))

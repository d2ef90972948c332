import { noContent, ok } from '../../kernel/http/answer.ts'
import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { createOneOrMany } from '../bulk.ts'
import { listAnswer, withFields } from '../listing.ts'
import { assertRevision } from '../revision.ts'
import type { FilterQuery } from '../filters.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import { createFloatingIp } from './create.ts'
import { deleteFloatingIp } from './delete.ts'
import { listedFloatingIps } from './listed.ts'
import { noFloatingIp } from './refusals.ts'
import { changesOf, requestedFloatingIp } from './request.ts'
import { CreateFloatingIps, UpdateFloatingIp, type NewFloatingIpBody } from './schema.ts'
import { updateFloatingIp, visibleFloatingIp } from './update.ts'
import { floatingIpViews } from './views.ts'

/** The routes of floating IPs. */
export const floatingIps = [
  route('GET /v2.0/floatingips', {
    rule: 'get_floatingip',
    run: async (ctx, db) =>
      ok(await listAnswer<FloatingIpRow>(ctx, db, listedFloatingIps, { visible: (query) => ownOnes(ctx, query), views: floatingIpViews })),
  }),
  route('POST /v2.0/floatingips', {
    rule: 'create_floatingip',
    body: CreateFloatingIps,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewFloatingIpBody, object>(body, {
        one: 'floatingip',
        many: 'floatingips',
        make: async (wanted) => shown(ctx, tx, await createFloatingIp(ctx, tx, requestedFloatingIp(ctx, wanted))),
      }),
  }),
  route('GET /v2.0/floatingips/:id', {
    rule: 'get_floatingip',
    run: async (ctx, db, { params }) => ok({ floatingip: withFields(ctx, await shown(ctx, db, params.id)) }),
  }),
  route('PUT /v2.0/floatingips/:id', {
    rule: 'update_floatingip',
    body: UpdateFloatingIp,
    run: async (ctx, tx, { params, body }) => {
      await updateFloatingIp(ctx, tx, params.id, changesOf(body.floatingip))
      return ok({ floatingip: await shown(ctx, tx, params.id) })
    },
  }),
  route('DELETE /v2.0/floatingips/:id', {
    rule: 'delete_floatingip',
    run: async (ctx, tx, { params }) => {
      const fip = await visibleFloatingIp(ctx, tx, params.id)
      assertRevision(ctx, fip)
      if (!(await deleteFloatingIp(ctx, tx, fip))) throw noFloatingIp(params.id)
      return noContent()
    },
  }),
]

const shown = async (ctx: CloudContext, db: Db, id: string): Promise<object> =>
  (await floatingIpViews(db, [await visibleFloatingIp(ctx, db, id)]))[0]!

const ownOnes = (ctx: CloudContext, query: FilterQuery): FilterQuery =>
  isAdmin(ctx.subject) ? query : query.where('neutron_floating_ips.project_id', '=', projectOf(ctx))

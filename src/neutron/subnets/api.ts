import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { createOneOrMany } from '../bulk.ts'
import { listAnswer, withFields } from '../listing.ts'
import { deleteSubnet } from './delete.ts'
import { listedSubnets } from './listed.ts'
import { requestSubnet } from './request.ts'
import { CreateSubnets, UpdateSubnet, type NewSubnet } from './schema.ts'
import { subnetById } from './store.ts'
import { updateSubnet } from './update.ts'
import { subnetViews } from './views.ts'
import { visibleSubnet, visibleSubnets } from './visible.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'

const shown = async (db: Db, id: string) => (await subnetViews(db, [(await subnetById(db, id))!]))[0]!

export const subnets = [
  route('GET /v2.0/subnets', {
    rule: 'get_subnet',
    run: async (ctx, db) =>
      ok(await listAnswer<SubnetRow>(ctx, db, listedSubnets, { visible: (query) => visibleSubnets(ctx, query), views: subnetViews })),
  }),
  route('POST /v2.0/subnets', {
    rule: 'create_subnet',
    body: CreateSubnets,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewSubnet, object>(body, {
        one: 'subnet',
        many: 'subnets',
        make: async (wanted) => shown(tx, await requestSubnet(ctx, tx, wanted)),
      }),
  }),
  route('GET /v2.0/subnets/:id', {
    rule: 'get_subnet',
    run: async (ctx, db, { params }) => {
      const [view] = await subnetViews(db, [await visibleSubnet(ctx, db, params.id)])
      return ok({ subnet: withFields(ctx, view!) })
    },
  }),
  route('PUT /v2.0/subnets/:id', {
    rule: 'update_subnet',
    body: UpdateSubnet,
    run: async (ctx, tx, { params, body }) => {
      await updateSubnet(ctx, tx, { id: params.id, body: body.subnet })
      return ok({ subnet: await shown(tx, params.id) })
    },
  }),
  route('DELETE /v2.0/subnets/:id', {
    rule: 'delete_subnet',
    run: async (ctx, tx, { params }) => {
      await deleteSubnet(ctx, tx, params.id)
      return noContent()
    },
  }),
]

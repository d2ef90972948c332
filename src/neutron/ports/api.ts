import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { createOneOrMany } from '../bulk.ts'
import { listAnswer, withFields } from '../listing.ts'
import { deletePortByClient } from './delete-by-client.ts'
import { listedPorts } from './listed.ts'
import { requestPort } from './request.ts'
import { CreatePorts, UpdatePort, type NewPortBody } from './schema.ts'
import { portById } from './store.ts'
import { updatePort } from './update.ts'
import { portViews } from './views.ts'
import { visiblePort, visiblePorts } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { PortRow } from '../tables.ts'

const shown = async (ctx: CloudContext, db: Db, id: string) => (await portViews(ctx, db, [(await portById(db, id))!]))[0]!

export const ports = [
  route('GET /v2.0/ports', {
    rule: 'get_port',
    run: async (ctx, db) =>
      ok(
        await listAnswer<PortRow>(ctx, db, listedPorts, {
          visible: (query) => visiblePorts(ctx, query),
          views: (pool, rows) => portViews(ctx, pool, rows),
        }),
      ),
  }),
  route('POST /v2.0/ports', {
    rule: 'create_port',
    body: CreatePorts,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewPortBody, object>(body, {
        one: 'port',
        many: 'ports',
        make: async (wanted) => shown(ctx, tx, await requestPort(ctx, tx, wanted)),
      }),
  }),
  route('GET /v2.0/ports/:id', {
    rule: 'get_port',
    run: async (ctx, db, { params }) => {
      const [view] = await portViews(ctx, db, [await visiblePort(ctx, db, params.id)])
      return ok({ port: withFields(ctx, view!) })
    },
  }),
  route('PUT /v2.0/ports/:id', {
    rule: 'update_port',
    body: UpdatePort,
    run: async (ctx, tx, { params, body }) => {
      await updatePort(ctx, tx, { id: params.id, body: body.port })
      return ok({ port: await shown(ctx, tx, params.id) })
    },
  }),
  route('DELETE /v2.0/ports/:id', {
    rule: 'delete_port',
    run: async (ctx, tx, { params }) => {
      await deletePortByClient(ctx, tx, params.id)
      return noContent()
    },
  }),
]

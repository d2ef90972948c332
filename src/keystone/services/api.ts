import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { couldNotFind, found } from '../refusals.ts'
import { CreateService, ServiceFields, ServiceQuery, UpdateService } from './schema.ts'
import { deleteService, insertService, listServices, serviceById, updateService } from './store.ts'
import { serviceView } from './view.ts'

export const catalogServices = [
  route('GET /v3/services', {
    rule: 'identity:list_services',
    query: ServiceQuery,
    run: async (ctx, db, { query }) => ok(collection(ctx, 'services', await listServices(db, query), serviceView(ctx), query.limit)),
  }),
  route('POST /v3/services', {
    rule: 'identity:create_service',
    body: CreateService,
    run: async (ctx, tx, { body: { service } }) => {
      const id = ctx.ids.hex()
      await insertService(tx, {
        id,
        type: service.type,
        name: service.name ?? null,
        description: service.description ?? null,
        enabled: service.enabled ?? true,
        extra: extraOf(service, ServiceFields),
      })
      changed(ctx, tx)
      return created({ service: serviceView(ctx)((await serviceById(tx, id))!) })
    },
  }),
  route('GET /v3/services/:service_id', {
    rule: 'identity:get_service',
    run: async (ctx, db, { params }) =>
      ok({ service: serviceView(ctx)(found(await serviceById(db, params.service_id), 'service', params.service_id)) }),
  }),
  route('PATCH /v3/services/:service_id', {
    rule: 'identity:update_service',
    body: UpdateService,
    run: async (ctx, tx, { params, body: { service } }) => {
      const row = found(await serviceById(tx, params.service_id), 'service', params.service_id)
      await updateService(tx, row.id, {
        ...given(service, 'type', 'name', 'description', 'enabled'),
        ...extraChange(row.extra_json, service, ServiceFields),
      })
      changed(ctx, tx)
      return ok({ service: serviceView(ctx)((await serviceById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/services/:service_id', {
    rule: 'identity:delete_service',
    run: async (ctx, tx, { params }) => {
      if (!(await deleteService(tx, params.service_id))) throw couldNotFind('service', params.service_id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]

import { route } from '../../cloud/service.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { notFound } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { checkUuid, numberOf } from '../uuid.ts'
import { deleteService } from './delete.ts'
import { ActOnService, ServiceList, UpdateService } from './schema.ts'
import { changeService, listServices, type ServiceFilter, type ServiceInfo } from './store.ts'
import { changeOfAction, changeOfBody } from './update.ts'
import { actedView, serviceView } from './view.ts'

async function oneService(db: Db, filter: ServiceFilter, missing: string): Promise<ServiceInfo> {
  const [service] = await listServices(db, filter)
  if (!service) throw notFound(missing)
  return service
}

/** A service by the id that its version uses. */
const serviceBy = (ctx: CloudContext, db: Db, id: string) => {
  const byId = existsAt({ since: '2.53' }, ctx.version)
  return oneService(db, byId ? { id: checkUuid(id) } : { number: numberOf(id) ?? -1 }, `Service ${id} could not be found.`)
}

export const computeServices = [
  route('GET /v2.1/os-services', {
    rule: 'os_compute_api:os-services:list',
    query: ServiceList,
    run: async (ctx, db, { query }) => {
      const found = await listServices(db, { host: query.host, program: query.binary })
      return ok({ services: found.map((service) => serviceView(service, ctx.version)) })
    },
  }),
  route('PUT /v2.1/os-services/:action', {
    rule: 'os_compute_api:os-services:update',
    until: '2.52',
    body: ActOnService,
    run: async (ctx, tx, { params: { action }, body }) => {
      const change = changeOfAction(action, body, ctx.version)
      const wanted = { host: body.host, program: body.binary }
      const missing = `Could not find binary ${body.binary} on host ${body.host}.`
      await changeService(ctx, tx, (await oneService(tx, wanted, missing)).id, change)
      return ok({ service: actedView(action, await oneService(tx, wanted, missing)) })
    },
  }),
  route('PUT /v2.1/os-services/:id', {
    rule: 'os_compute_api:os-services:update',
    since: '2.53',
    body: UpdateService,
    run: async (ctx, tx, { params: { id }, body }) => {
      await changeService(ctx, tx, id, changeOfBody(await serviceBy(ctx, tx, id), body))
      return ok({ service: serviceView(await serviceBy(ctx, tx, id), ctx.version) })
    },
  }),
  route('DELETE /v2.1/os-services/:id', {
    rule: 'os_compute_api:os-services:delete',
    run: async (ctx, tx, { params: { id } }) => {
      await deleteService(ctx, tx, await serviceBy(ctx, tx, id))
      return noContent()
    },
  }),
]

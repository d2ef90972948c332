import { Type } from 'typebox'
import { ownTarget } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import { maxPage, pageLimit, pageLinks } from '../pages.ts'
import { Digits } from '../schema-types.ts'
import { serverFor } from '../servers/find.ts'
import { actionInFull, actionItem } from './view.ts'
import { actionOf, actionsOf } from './store.ts'

const List = Type.Object({
  limit: Type.Optional({ ...Digits, since: '2.58' }),
  marker: Type.Optional(Type.String({ maxLength: 64, since: '2.58' })),
  'changes-since': Type.Optional(Type.String({ format: 'date-time', since: '2.58' })),
  'changes-before': Type.Optional(Type.String({ format: 'date-time', since: '2.66' })),
})

const timeOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text))

/** What was asked of a server, and what became of it; since 2.21 of deleted ones too. */
export const instanceActions = [
  route('GET /v2.1/servers/:id/os-instance-actions', {
    rule: 'os_compute_api:os-instance-actions:list',
    query: List,
    run: async (ctx, db, { params, query }) => {
      const server = await serverFor(ctx, db, params.id, { deleted: existsAt({ since: '2.21' }, ctx.version) })
      const paged = existsAt({ since: '2.58' }, ctx.version)
      const after = paged && query.marker !== undefined ? await actionOf(db, server.id, query.marker) : undefined
      if (paged && query.marker !== undefined && !after) throw invalid(`marker [${query.marker}] not found`)
      const limit = paged ? pageLimit(query.limit) : maxPage
      const changes = paged ? { changesSince: timeOf(query['changes-since']), changesBefore: timeOf(query['changes-before']) } : {}
      const rows = await actionsOf(db, server.id, { limit, after, ...changes })
      const links = paged
        ? pageLinks(ctx, `/servers/${server.id}/os-instance-actions`, { ids: rows.map((row) => row.request_id), limit })
        : []
      return ok({ instanceActions: rows.map((row) => actionItem(ctx.version!, row)), ...(links.length > 0 && { links }) })
    },
  }),
  route('GET /v2.1/servers/:id/os-instance-actions/:request', {
    rule: 'os_compute_api:os-instance-actions:show',
    run: async (ctx, db, { params }) => {
      const server = await serverFor(ctx, db, params.id, { deleted: existsAt({ since: '2.21' }, ctx.version) })
      const row = await actionOf(db, server.id, params.request)
      if (!row) throw notFound(`Action for request_id ${params.request} on instance ${params.id} not found`)
      const inside = ctx.policy.allows(ctx.subject, 'os_compute_api:os-instance-actions:events', ownTarget(ctx.subject))
      return ok({ instanceAction: actionInFull({ version: ctx.version!, inside }, row) })
    },
  }),
]

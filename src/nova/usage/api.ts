import { Type, type Static } from 'typebox'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { invalid } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { maxPage, pageLimit, pageLinks, withLinks } from '../pages.ts'
import { refusal } from '../policy-words.ts'
import { Digits } from '../schema-types.ts'
import { serverOfAllTimes } from '../servers/store.ts'
import { periodOf } from './period.ts'
import { serversInPeriod, type Period } from './store.ts'
import { projectUsage, serverUsage, type ServerUsage } from './view.ts'

const text = Type.Optional(Type.String({ maxLength: 255 }))
const UsageQuery = Type.Object({ start: text, end: text, detailed: text, limit: Type.Optional(Digits), marker: text })
type UsageQuery = Static<typeof UsageQuery>

/** What servers used in the period that the query names. Pages came with 2.40. */
async function usages(ctx: CloudContext, db: Db, query: UsageQuery, projectId: string | undefined) {
  const now = ctx.clock.now()
  const period: Period = periodOf(query, now)
  const pages = existsAt({ since: '2.40' }, ctx.version)
  const limit = pages ? pageLimit(query.limit) : 100 * maxPage
  const after = pages ? query.marker : undefined
  if (after !== undefined && !(await serverOfAllTimes(db, after))) throw invalid(`marker [${after}] not found`)
  const servers = await serversInPeriod(db, { ...period, projectId, after, limit })
  return { period, limit, found: servers.map((server) => serverUsage(server, period, now)) }
}

const links = (ctx: CloudContext, path: string, found: readonly ServerUsage[], limit: number) =>
  existsAt({ since: '2.40' }, ctx.version) ? pageLinks(ctx, path, { ids: found.map((usage) => usage.instance_id), limit }) : []

export const tenantUsage = [
  route('GET /v2.1/os-simple-tenant-usage', {
    rule: 'os_compute_api:os-simple-tenant-usage:list',
    query: UsageQuery,
    run: async (ctx, db, { query }) => {
      const { period, limit, found } = await usages(ctx, db, query, undefined)
      const byProject = [...Map.groupBy(found, (usage) => usage.tenant_id)]
      const views = byProject.map(([projectId, own]) => projectUsage(projectId, own, period, query.detailed === '1'))
      return ok(withLinks({ tenant_usages: views }, 'tenant_usages', links(ctx, '/os-simple-tenant-usage', found, limit)))
    },
  }),
  route('GET /v2.1/os-simple-tenant-usage/:id', {
    rule: 'os_compute_api:limits',
    query: UsageQuery,
    run: async (ctx, db, { params: { id }, query }) => {
      enforce(ctx, 'os_compute_api:os-simple-tenant-usage:show', { project_id: id }, refusal)
      const { period, limit, found } = await usages(ctx, db, query, id)
      const view = found.length > 0 ? projectUsage(id, found, period, true) : {}
      return ok(withLinks({ tenant_usage: view }, 'tenant_usage', links(ctx, `/os-simple-tenant-usage/${id}`, found, limit)))
    },
  }),
]

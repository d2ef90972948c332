import { notAuthorized } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { targetsOf } from '../assignments/store.ts'
import { catalogFor } from '../catalog/render.ts'
import { collection, selfLink } from '../lists.ts'
import { listProjects, tagsOf } from '../projects/store.ts'
import { domainView, projectView } from '../projects/view.ts'
import { systemId } from '../tables.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'

const projects = {
  rule: 'identity:get_auth_projects',
  run: async (ctx: CloudContext, db: Db) => {
    const rows = await listProjects(db, { is_domain: false, enabled: true, ids: await targetsOf(db, ctx.subject.userId) })
    const tags = await tagsOf(
      db,
      rows.map((row) => row.id),
    )
    return ok(collection(ctx, 'projects', rows, projectView(ctx, tags)))
  },
}

const domains = {
  rule: 'identity:get_auth_domains',
  run: async (ctx: CloudContext, db: Db) => {
    const rows = await listProjects(db, { is_domain: true, enabled: true, ids: await targetsOf(db, ctx.subject.userId) })
    return ok(collection(ctx, 'domains', rows, domainView(ctx, new Map())))
  },
}

/** What the one who asks may choose from: his catalog, and the scopes that he can have tokens for. */
export const auth = [
  route('GET /v3/auth/catalog', {
    rule: 'identity:get_auth_catalog',
    run: async (ctx) => {
      const { projectId, domainId, systemScope, userId } = ctx.subject
      if (!projectId && !domainId && !systemScope) throw forbidden(notAuthorized('identity:get_auth_catalog'))
      const catalog: unknown = JSON.parse(await catalogFor(ctx, { userId, projectId }))
      return ok({ catalog, links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('GET /v3/auth/projects', projects),
  route('GET /v3/auth/domains', domains),
  // The same under the names that they had before.
  route('GET /v3/OS-FEDERATION/projects', projects),
  route('GET /v3/OS-FEDERATION/domains', domains),
  route('GET /v3/auth/system', {
    rule: 'identity:get_auth_system',
    run: async (ctx, db) => {
      const system = (await targetsOf(db, ctx.subject.userId)).includes(systemId) ? [{ all: true }] : []
      return ok({ system, links: { self: selfLink(ctx) } })
    },
  }),
]

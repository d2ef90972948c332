import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { collection } from '../lists.ts'
import { changeProject } from '../projects/change.ts'
import { createDomain } from '../projects/create.ts'
import { listProjects, projectRow, tagsOf } from '../projects/store.ts'
import { domainView } from '../projects/view.ts'
import { found } from '../refusals.ts'
import { removeDomain } from './remove.ts'
import { CreateDomain, DomainQuery, UpdateDomain } from './schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ProjectRow } from '../tables.ts'

async function allowedDomain(ctx: CloudContext, db: Db, rule: string, id: string): Promise<ProjectRow> {
  const row = await projectRow(db, id)
  enforce(ctx, rule, { domain_id: row?.id, project_domain_id: row?.id })
  return found(row?.is_domain ? row : undefined, 'domain', id)
}

const shown = async (ctx: CloudContext, db: Db, row: ProjectRow) => ({ domain: domainView(ctx, await tagsOf(db, [row.id]))(row) })

export const domains = [
  route('GET /v3/domains', {
    rule: 'identity:list_domains',
    query: DomainQuery,
    run: async (ctx, db, { query }) => {
      const own = ctx.subject.domainId
      const rows = await listProjects(db, { ...query, is_domain: true, ...(own !== undefined && { ids: [own] }) })
      const tags = await tagsOf(
        db,
        rows.map((row) => row.id),
      )
      return ok(collection(ctx, 'domains', rows, domainView(ctx, tags), query.limit))
    },
  }),
  route('POST /v3/domains', {
    rule: 'identity:create_domain',
    body: CreateDomain,
    run: async (ctx, tx, { body: { domain } }) => {
      const { explicit_domain_id, ...project } = domain
      return created(await shown(ctx, tx, await createDomain(ctx, tx, project, explicit_domain_id)))
    },
  }),
  route('GET /v3/domains/:domain_id', {
    rule: 'identity:get_domain',
    run: async (ctx, db, { params }) => ok(await shown(ctx, db, await allowedDomain(ctx, db, 'identity:get_domain', params.domain_id))),
  }),
  route('PATCH /v3/domains/:domain_id', {
    rule: 'identity:update_domain',
    body: UpdateDomain,
    run: async (ctx, tx, { params, body }) => {
      const row = await allowedDomain(ctx, tx, 'identity:update_domain', params.domain_id)
      return ok(await shown(ctx, tx, await changeProject(ctx, tx, row, body.domain)))
    },
  }),
  route('DELETE /v3/domains/:domain_id', {
    rule: 'identity:delete_domain',
    run: async (ctx, tx, { params }) => {
      await removeDomain(ctx, tx, await allowedDomain(ctx, tx, 'identity:delete_domain', params.domain_id))
      return noContent()
    },
  }),
]

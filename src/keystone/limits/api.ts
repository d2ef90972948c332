import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { given } from '../attributes.ts'
import { collection, selfLink } from '../lists.ts'
import { projectRow } from '../projects/store.ts'
import { found, stored } from '../refusals.ts'
import { assertPlace } from './registered-api.ts'
import { CreateLimits, LimitQuery, UpdateLimit } from './schema.ts'
import { deleteLimit, insertLimit, limitById, listLimits, registeredLimitOf, updateLimit, type OwnerFilters } from './store.ts'
import { limitView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { LimitRow } from '../tables.ts'

const model = { name: 'flat', description: 'Limit enforcement and validation does not take project hierarchy into consideration.' }

type Owner = { project_id?: string | null; domain_id?: string | null }

async function ownerOf(db: Db, { project_id, domain_id }: Owner): Promise<Pick<LimitRow, 'owner_id' | 'of_domain'>> {
  const id = project_id ?? domain_id
  if (!id || (project_id && domain_id)) throw invalid('Expecting to find project_id or domain_id, and not both, in limit.')
  const row = await projectRow(db, id)
  if (!row || row.is_domain !== !project_id) throw invalid(`Unable to find valid ${project_id ? 'project' : 'domain'} ${id}.`)
  return { owner_id: row.id, of_domain: row.is_domain }
}

async function allowedLimit(ctx: CloudContext, db: Db, rule: string, id: string): Promise<LimitRow> {
  const row = await limitById(db, id)
  enforce(
    ctx,
    rule,
    row
      ? row.of_domain
        ? { domain_id: row.owner_id }
        : { project_id: row.owner_id, domain_id: (await projectRow(db, row.owner_id))?.domain_id }
      : {},
  )
  return found(row, 'limit for id', id)
}

/** Whose limits the list is about. Who may not see everyone's sees those of his token's project, or of its domain with all projects in it. */
function ownerFilter(
  { policy, subject }: CloudContext,
  { project_id, domain_id }: { project_id?: string; domain_id?: string },
): OwnerFilters {
  const wanted = project_id ?? domain_id
  const asked = wanted === undefined ? {} : { owner_id: wanted }
  if (policy.allows(subject, 'identity:get_limit', {})) return asked
  if (subject.domainId !== undefined) return { ...asked, withinDomain: subject.domainId }
  const own = subject.projectId ?? ''
  return { owner_id: wanted === undefined || wanted === own ? own : '' }
}

export const limits = [
  route('GET /v3/limits/model', { rule: 'identity:get_limit_model', run: () => ok({ model }) }),
  route('GET /v3/limits', {
    rule: 'identity:list_limits',
    query: LimitQuery,
    run: async (ctx, db, { query: { project_id, domain_id, ...query } }) => {
      const owner = ownerFilter(ctx, { ...(project_id !== undefined && { project_id }), ...(domain_id !== undefined && { domain_id }) })
      return ok(collection(ctx, 'limits', await listLimits(db, { ...query, ...owner }), limitView(ctx), query.limit))
    },
  }),
  route('POST /v3/limits', {
    rule: 'identity:create_limits',
    body: CreateLimits,
    run: async (ctx, tx, { body }) => {
      const rows: LimitRow[] = []
      for (const { project_id, domain_id, ...one } of body.limits) {
        const row = {
          ...one,
          id: ctx.ids.hex(),
          region_id: one.region_id ?? '',
          description: one.description ?? null,
          ...(await ownerOf(tx, { project_id: project_id ?? null, domain_id: domain_id ?? null })),
        }
        await assertPlace(tx, row)
        const { service_id, region_id, resource_name } = row
        if (!(await registeredLimitOf(tx, { service_id, region_id, resource_name })))
          throw notFound(`Unable to create a limit that has no corresponding registered limit.`)
        if (!(await insertLimit(ctx, tx, row))) throw stored('limit', 'Duplicate entry.')
        rows.push(row)
      }
      return created({ limits: rows.map(limitView(ctx)), links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('GET /v3/limits/:id', {
    rule: 'identity:get_limit',
    run: async (ctx, db, { params }) => ok({ limit: limitView(ctx)(await allowedLimit(ctx, db, 'identity:get_limit', params.id)) }),
  }),
  route('PATCH /v3/limits/:id', {
    rule: 'identity:update_limit',
    body: UpdateLimit,
    run: async (ctx, tx, { params, body: { limit } }) => {
      const row = await allowedLimit(ctx, tx, 'identity:update_limit', params.id)
      await updateLimit(tx, row.id, given(limit, 'resource_limit', 'description'))
      return ok({ limit: limitView(ctx)((await limitById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/limits/:id', {
    rule: 'identity:delete_limit',
    run: async (ctx, tx, { params }) => {
      const row = await allowedLimit(ctx, tx, 'identity:delete_limit', params.id)
      await deleteLimit(tx, row.id)
      return noContent()
    },
  }),
]

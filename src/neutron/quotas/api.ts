import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { forbiddenWording } from '../policies.ts'
import { FlagInput, flagOf, integerOf, present } from '../values.ts'
import {
  clearLimits,
  defaultLimits,
  projectsWithLimits,
  quotaResources,
  quotasOf,
  setLimit,
  type QuotaResource,
  type QuotaState,
} from './store.ts'

const Limit = Type.Optional(Type.Union([Type.Integer({ minimum: -1, maximum: 2147483647 }), Type.String({ pattern: '^(-1|[0-9]{1,9})$' })]))
const UpdateQuota = Type.Object(
  {
    quota: Type.Object(
      {
        ...(Object.fromEntries(quotaResources.map((resource) => [resource, Limit])) as Record<QuotaResource, typeof Limit>),
        check_limit: Type.Optional(FlagInput),
        force: Type.Optional(FlagInput),
        tenant_id: Type.Optional(Type.String()),
        project_id: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const maxIdLength = 255

const limitsOf = (states: Record<QuotaResource, QuotaState>) =>
  Object.fromEntries(quotaResources.map((resource) => [resource, states[resource].limit]))

/** People see the quotas of their own project only. */
function assertOwn(ctx: CloudContext, projectId: string): void {
  if (!isAdmin(ctx.subject) && projectId !== projectOf(ctx)) throw forbidden(forbiddenWording('get_quota'), { type: 'PolicyNotAuthorized' })
}

function assertNotBelowUse(states: Record<QuotaResource, QuotaState>, limits: Partial<Record<QuotaResource, number>>): void {
  const unders = quotaResources.filter(
    (resource) => limits[resource] !== undefined && limits[resource] >= 0 && limits[resource] < states[resource].used,
  )
  if (unders.length === 0) return
  const names = unders.map((resource) => `'${resource}'`).join(', ')
  throw invalid(`Change would make usage less than 0 for the following resources: [${names}].`, { type: 'InvalidQuotaValue' })
}

export const quotas = [
  route('GET /v2.0/quotas', {
    rule: 'get_quotas',
    run: async (_ctx, db) => {
      const projects = await projectsWithLimits(db)
      const of = async (id: string) => ({ ...limitsOf(await quotasOf(db, id)), project_id: id, tenant_id: id })
      return ok({ quotas: await Promise.all(projects.map(of)) })
    },
  }),
  // Clients ask this to learn whose token they have.
  route('GET /v2.0/quotas/tenant', { rule: 'get_quota', run: (ctx) => ok({ tenant: { tenant_id: projectOf(ctx) } }) }),
  route('GET /v2.0/quotas/project', { rule: 'get_quota', run: (ctx) => ok({ tenant: { tenant_id: projectOf(ctx) } }) }),
  route('GET /v2.0/quotas/:id', {
    rule: 'get_quota',
    run: async (ctx, db, { params }) => {
      assertOwn(ctx, params.id)
      return ok({ quota: limitsOf(await quotasOf(db, params.id)) })
    },
  }),
  route('GET /v2.0/quotas/:id/default', {
    rule: 'get_quota',
    run: (ctx, _db, { params }) => {
      assertOwn(ctx, params.id)
      return ok({ quota: defaultLimits })
    },
  }),
  route('GET /v2.0/quotas/:id/details', {
    rule: 'get_quota',
    run: async (ctx, db, { params }) => {
      assertOwn(ctx, params.id)
      return ok({ quota: detailed(await quotasOf(db, params.id)) })
    },
  }),
  route('PUT /v2.0/quotas/:id', {
    rule: 'update_quota',
    body: UpdateQuota,
    run: async (ctx, tx, { params, body }) => {
      if (params.id.length > maxIdLength) throw invalid(`'${params.id.slice(0, 64)}…' is not the id of a project`)
      const { check_limit: checked, force: _force, tenant_id: _tenant, project_id: _project, ...given } = body.quota
      const limits = present(Object.fromEntries(Object.entries(given).map(([name, limit]) => [name, integerOf(limit)]))) as Partial<
        Record<QuotaResource, number>
      >
      if (flagOf(checked)) assertNotBelowUse(await quotasOf(tx, params.id), limits)
      for (const resource of quotaResources) {
        if (limits[resource] !== undefined) await setLimit(ctx, tx, { projectId: params.id, resource, limit: limits[resource] })
      }
      return ok({ quota: limitsOf(await quotasOf(tx, params.id)) })
    },
  }),
  route('DELETE /v2.0/quotas/:id', {
    rule: 'delete_quota',
    run: async (_ctx, tx, { params }) => {
      await clearLimits(tx, params.id)
      return noContent()
    },
  }),
]

const detailed = (states: Record<QuotaResource, QuotaState>) =>
  Object.fromEntries(quotaResources.map((resource) => [resource, { ...states[resource], reserved: 0 }]))

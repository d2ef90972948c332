import { route } from '../../cloud/service.ts'
import { enforce } from '../../cloud/policy.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { accepted, ok } from '../../kernel/http/answer.ts'
import { refusal } from '../policy-words.ts'
import { checkProject } from '../projects.ts'
import { UpdateQuota, UpdateQuotaClass } from './schema.ts'
import { defaultClass, forgetLimits, limitsOf, usageOf } from './store.ts'
import { setLimits, updateQuota } from './update.ts'
import { quotaClassView, quotaDetail, quotaView } from './view.ts'

/** Only an admin looks into another project's quota. */
const enforceFor = (ctx: CloudContext, rule: string, projectId: string) => enforce(ctx, rule, { project_id: projectId }, refusal)

export const quotaSets = [
  route('GET /v2.1/os-quota-sets/:id', {
    rule: 'os_compute_api:os-quota-sets:defaults',
    run: async (ctx, db, { params: { id } }) => {
      enforceFor(ctx, 'os_compute_api:os-quota-sets:show', id)
      await checkProject(db, id)
      return ok({ quota_set: { id, ...quotaView(await limitsOf(db, id), ctx.version) } })
    },
  }),
  route('GET /v2.1/os-quota-sets/:id/detail', {
    rule: 'os_compute_api:os-quota-sets:defaults',
    run: async (ctx, db, { params: { id } }) => {
      enforceFor(ctx, 'os_compute_api:os-quota-sets:detail', id)
      await checkProject(db, id)
      return ok({ quota_set: { id, ...quotaDetail(await limitsOf(db, id), await usageOf(db, id), ctx.version) } })
    },
  }),
  route('GET /v2.1/os-quota-sets/:id/defaults', {
    rule: 'os_compute_api:os-quota-sets:defaults',
    run: async (ctx, db, { params: { id } }) => {
      await checkProject(db, id)
      return ok({ quota_set: { id, ...quotaView(await limitsOf(db, defaultClass), ctx.version) } })
    },
  }),
  route('PUT /v2.1/os-quota-sets/:id', {
    rule: 'os_compute_api:os-quota-sets:update',
    body: UpdateQuota,
    run: async (ctx, tx, { params: { id }, body }) =>
      ok({ quota_set: quotaView(await updateQuota(ctx, tx, id, body.quota_set), ctx.version) }),
  }),
  route('DELETE /v2.1/os-quota-sets/:id', {
    rule: 'os_compute_api:os-quota-sets:delete',
    run: async (_ctx, tx, { params: { id } }) => {
      await checkProject(tx, id)
      await forgetLimits(tx, id)
      return accepted()
    },
  }),
  route('GET /v2.1/os-quota-class-sets/:name', {
    rule: 'os_compute_api:os-quota-class-sets:show',
    run: async (ctx, db, { params: { name } }) =>
      ok({ quota_class_set: { id: name, ...quotaClassView(await limitsOf(db, defaultClass), ctx.version) } }),
  }),
  route('PUT /v2.1/os-quota-class-sets/:name', {
    rule: 'os_compute_api:os-quota-class-sets:update',
    body: UpdateQuotaClass,
    run: async (ctx, tx, { params: { name }, body }) => {
      // Only the default class counts for anyone; nova keeps others too, and never looks at them.
      const limits = await setLimits(ctx, tx, name === 'default' ? defaultClass : `class:${name}`.slice(0, 64), body.quota_class_set)
      return ok({ quota_class_set: quotaClassView(limits, ctx.version) })
    },
  }),
]

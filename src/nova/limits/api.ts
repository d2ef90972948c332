import { Type } from 'typebox'
import { projectOf } from '../../cloud/context.ts'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { refusal } from '../policy-words.ts'
import { limitsOf, usageOf } from '../quotas/store.ts'
import { limitsView } from './view.ts'

export const limits = [
  route('GET /v2.1/limits', {
    rule: 'os_compute_api:limits',
    query: Type.Object({ tenant_id: Type.Optional(Type.String({ maxLength: 255 })), reserved: Type.Optional(Type.String()) }),
    run: async (ctx, db, { query }) => {
      const projectId = query.tenant_id ?? projectOf(ctx)
      if (projectId !== ctx.subject.projectId) enforce(ctx, 'os_compute_api:limits:other_project', { project_id: projectId }, refusal)
      return ok(limitsView(await limitsOf(db, projectId), await usageOf(db, projectId), ctx.version))
    },
  }),
]

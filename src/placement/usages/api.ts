import type { CloudContext } from '../../cloud/context.ts'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { okFresh } from '../answers.ts'
import { usageOf } from '../inventories/store.ts'
import { findProvider } from '../resource-providers/find.ts'
import { speaks } from '../since.ts'
import { TotalUsages } from './schema.ts'
import { consumersByType, usedByType, type UsageFilter } from './store.ts'
import { viewByType, viewSums } from './view.ts'

const total = 'placement:usages'

/** How much is held, by provider or by project. */
export const usages = [
  route('GET /resource_providers/:uuid/usages', {
    rule: 'placement:resource_providers:usages',
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      const usage = (await usageOf(db, [provider.id])).get(provider.id)!
      const used = Object.fromEntries(Object.entries(usage).map(([resourceClass, of]) => [resourceClass, of.used]))
      return okFresh(ctx, { resource_provider_generation: provider.generation, usages: used })
    },
  }),
  route('GET /usages', {
    rule: total,
    since: '1.9',
    query: TotalUsages,
    run: async (ctx, db, { query }) => {
      enforce(ctx, total, { project_id: query.project_id }, (name) => `Policy does not allow ${name} to be performed.`)
      return okFresh(ctx, { usages: await totalUsages(ctx, db, query) })
    },
  }),
]

async function totalUsages(ctx: CloudContext, db: Db, { project_id: projectId, user_id: userId, consumer_type: type }: TotalUsages) {
  const filter: UsageFilter = { projectId, ...(userId !== undefined && { userId }), ...typeFilter(type) }
  const used = await usedByType(db, filter)
  if (!speaks(ctx, '1.38')) return viewSums(used)
  return viewByType(used, await consumersByType(db, filter), type === 'all' ? 'all' : undefined)
}

function typeFilter(type: string | undefined): { type?: string | null } {
  if (type === undefined || type === 'all') return {}
  return { type: type === 'unknown' ? null : type }
}

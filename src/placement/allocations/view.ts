import type { RequestContext } from '../../kernel/http/route.ts'
import { since } from '../since.ts'
import type { ConsumerRow } from '../tables.ts'
import type { heldBy, heldOf } from './store.ts'

type HeldBy = Awaited<ReturnType<typeof heldBy>>
type HeldOf = Awaited<ReturnType<typeof heldOf>>

const amounts = (rows: readonly { resource_class: string; used: number }[]): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.resource_class, row.used]))

/** What a consumer holds, by provider. */
export function viewConsumer(ctx: RequestContext, consumer: ConsumerRow | undefined, held: HeldBy) {
  const byProvider = [...Map.groupBy(held, (row) => row.provider_id)].map(([id, rows]) => [
    id,
    { resources: amounts(rows), generation: rows[0]!.generation },
  ])
  return {
    allocations: Object.fromEntries(byProvider),
    ...(consumer &&
      held.length > 0 && {
        ...since(ctx, '1.12', { project_id: consumer.project_id, user_id: consumer.user_id }),
        ...since(ctx, '1.28', { consumer_generation: consumer.generation }),
        ...since(ctx, '1.38', { consumer_type: consumer.consumer_type ?? 'unknown' }),
      }),
  }
}

/** Who holds how much of a provider. */
export function viewProviderAllocations(ctx: RequestContext, generation: number, held: HeldOf) {
  const byConsumer = [...Map.groupBy(held, (row) => row.consumer_id)].map(([id, rows]) => [
    id,
    { resources: amounts(rows), ...since(ctx, '1.28', { consumer_generation: rows[0]!.generation }) },
  ])
  return { allocations: Object.fromEntries(byConsumer), resource_provider_generation: generation }
}

import type { CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { okFresh } from '../answers.ts'
import { normalUuid } from '../patterns.ts'
import { findProvider, findSeenProvider } from '../resource-providers/find.ts'
import { claimGeneration } from '../resource-providers/generation.ts'
import { since } from '../since.ts'
import type { ProviderRow } from '../tables.ts'
import { Aggregates, BareAggregates } from './schema.ts'
import { aggregatesOf, setAggregates } from './store.ts'

const list = 'placement:resource_providers:aggregates:list'
const update = 'placement:resource_providers:aggregates:update'

const answer = (ctx: CloudContext, aggregates: readonly string[], generation: number) =>
  okFresh(ctx, { aggregates, ...since(ctx, '1.19', { resource_provider_generation: generation }) })

async function put(ctx: CloudContext, tx: Tx, provider: ProviderRow, wanted: readonly string[], generation: number) {
  const aggregates = wanted.map(normalUuid)
  await setAggregates(tx, provider.id, aggregates)
  return answer(ctx, aggregates, generation)
}

/** The groups of providers that a provider is in. */
export const aggregates = [
  route('GET /resource_providers/:uuid/aggregates', {
    rule: list,
    since: '1.1',
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      return answer(ctx, (await aggregatesOf(db, [provider.id])).get(provider.id) ?? [], provider.generation)
    },
  }),
  route('PUT /resource_providers/:uuid/aggregates', {
    rule: update,
    since: '1.1',
    until: '1.18',
    body: BareAggregates,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findProvider(tx, params.uuid)
      return put(ctx, tx, provider, body, provider.generation)
    },
  }),
  route('PUT /resource_providers/:uuid/aggregates', {
    rule: update,
    since: '1.19',
    body: Aggregates,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findSeenProvider(tx, params.uuid, body.resource_provider_generation)
      return put(ctx, tx, provider, body.aggregates, await claimGeneration(ctx, tx, provider))
    },
  }),
]

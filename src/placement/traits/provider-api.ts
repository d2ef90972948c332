import { route } from '../../cloud/service.ts'
import { invalid } from '../../kernel/errors.ts'
import { noContent } from '../../kernel/http/answer.ts'
import { okFresh } from '../answers.ts'
import { unknownTraits } from '../known.ts'
import { findProvider, findSeenProvider } from '../resource-providers/find.ts'
import { claimGeneration } from '../resource-providers/generation.ts'
import { PutTraits } from './schema.ts'
import { setTraits, traitsOf } from './set.ts'

const rule = (name: string) => `placement:resource_providers:traits:${name}`

/** What one provider is. */
export const providerTraits = [
  route('GET /resource_providers/:uuid/traits', {
    rule: rule('list'),
    since: '1.6',
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      return okFresh(ctx, { traits: await traitsOf(db, provider.id), resource_provider_generation: provider.generation })
    },
  }),
  route('PUT /resource_providers/:uuid/traits', {
    rule: rule('update'),
    since: '1.6',
    body: PutTraits,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findSeenProvider(tx, params.uuid, body.resource_provider_generation)
      const unknown = await unknownTraits(tx, body.traits)
      if (unknown.length > 0) throw invalid(`No such trait ${unknown.join(', ')}`)
      const generation = await claimGeneration(ctx, tx, provider)
      await setTraits(ctx, tx, provider.id, body.traits)
      return okFresh(ctx, { traits: body.traits, resource_provider_generation: generation })
    },
  }),
  route('DELETE /resource_providers/:uuid/traits', {
    rule: rule('delete'),
    since: '1.6',
    run: async (ctx, tx, { params }) => {
      const provider = await findProvider(tx, params.uuid)
      await claimGeneration(ctx, tx, provider)
      await setTraits(ctx, tx, provider.id, [])
      return noContent()
    },
  }),
]

import type { RequestContext } from '../../kernel/http/route.ts'
import { mountOf } from '../answers.ts'
import { since, speaks } from '../since.ts'
import type { ProviderRow } from '../tables.ts'

export const providerPath = (id: string): string => `/resource_providers/${id}`

const relations: readonly (readonly [name: string, since: string])[] = [
  ['inventories', '1.0'],
  ['usages', '1.0'],
  ['aggregates', '1.1'],
  ['traits', '1.6'],
  ['allocations', '1.11'],
]

/** A provider as the API shows it. */
export function viewProvider(ctx: RequestContext, row: ProviderRow) {
  const href = mountOf(ctx) + providerPath(row.id)
  const related = relations.filter(([, version]) => speaks(ctx, version)).map(([rel]) => ({ rel, href: `${href}/${rel}` }))
  return {
    uuid: row.id,
    name: row.name,
    generation: row.generation,
    links: [{ rel: 'self', href }, ...related],
    ...since(ctx, '1.14', { parent_provider_uuid: row.parent_id, root_provider_uuid: row.root_id }),
  }
}

import type { CloudContext } from '../../cloud/context.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { setAggregates } from '../aggregates/store.ts'
import { cannotDeleteParent, providerInUse } from '../codes.ts'
import { removeInventory } from '../inventories/change.ts'
import { inventoriesOf } from '../inventories/store.ts'
import { normalUuid } from '../patterns.ts'
import { setTraits } from '../traits/set.ts'
import { bumpGeneration, deleteProviderRow, hasChildren, providerById, swapShape } from './store.ts'

/** Removes a provider that has neither children nor allocations, with all that belongs to it. */
export async function deleteProvider(ctx: CloudContext, tx: Tx, uuid: string): Promise<void> {
  const provider = await providerById(tx, normalUuid(uuid))
  if (!provider) throw notFound(`No resource provider with uuid ${uuid.slice(0, 64)} found for delete`)
  // From here on nobody adds a child to this tree, nor anything to this provider, until this is done.
  await swapShape(tx, provider.root_id)
  await bumpGeneration(ctx, tx, provider)
  if (await hasChildren(tx, provider.id)) {
    throw conflict(`Unable to delete parent resource provider ${provider.id}: It has child resource providers.`, {
      type: cannotDeleteParent,
    })
  }
  for (const { resource_class: resourceClass } of await inventoriesOf(tx, [provider.id])) {
    if (await removeInventory(tx, provider.id, resourceClass)) continue
    throw conflict(`Unable to delete resource provider ${provider.id}: Resource provider has allocations.`, { type: providerInUse })
  }
  await setTraits(ctx, tx, provider.id, [])
  await setAggregates(tx, provider.id, [])
  await deleteProviderRow(tx, provider.id)
}

import type { CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { replaceAllocations } from '../allocations/replace.ts'
import { wishOf } from '../allocations/wish.ts'
import { concurrentUpdate, providerNotFound } from '../codes.ts'
import { inUseConflict } from '../inventories/refusals.ts'
import { removeInventories, upsertInventories } from '../inventories/replace.ts'
import type { PutInventories } from '../inventories/schema.ts'
import { readInventory } from '../inventories/view.ts'
import { normalUuid } from '../patterns.ts'
import { claimGeneration } from '../resource-providers/generation.ts'
import { providerById } from '../resource-providers/store.ts'
import type { Reshape } from './schema.ts'

/**
 * Moves inventory between providers together with what is allocated of it. What is new comes first and what goes comes last,
 * so that the allocations always have somewhere to be.
 */
export async function reshape(ctx: CloudContext, tx: Tx, { inventories, allocations }: Reshape): Promise<void> {
  const surplus: [providerId: string, classes: string[]][] = []
  const ordered = Object.entries(inventories).toSorted(([one], [other]) => (one < other ? -1 : 1))
  for (const [uuid, body] of ordered) surplus.push(await widen(ctx, tx, normalUuid(uuid), body))
  await replaceAllocations(
    ctx,
    tx,
    Object.entries(allocations).map(([uuid, body]) => wishOf(normalUuid(uuid), body)),
  )
  for (const [providerId, classes] of surplus) {
    const problem = await removeInventories(tx, providerId, classes)
    if (problem) throw inUseConflict(`update conflict: ${problem}`)
  }
}

async function widen(
  ctx: CloudContext,
  tx: Tx,
  id: string,
  { resource_provider_generation: given, inventories }: PutInventories,
): Promise<[string, string[]]> {
  const provider = await providerById(tx, id)
  if (!provider) {
    throw invalid(`Resource provider ${id} in inventories not found: No resource provider with uuid ${id} found`, {
      type: providerNotFound,
    })
  }
  if (provider.generation !== given) {
    const text = `resource provider generation conflict for provider ${id}: actual: ${provider.generation}, given: ${given}`
    throw conflict(text, { type: concurrentUpdate })
  }
  await claimGeneration(ctx, tx, provider)
  const wanted = Object.fromEntries(Object.entries(inventories).map(([name, fields]) => [name, readInventory(fields)]))
  return [id, await upsertInventories(ctx, tx, id, wanted)]
}

import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { countUse } from '../custom-names.ts'
import { deleteUnusedInventory, insertInventory } from './store.ts'
import type { Inventory } from './inventory.ts'

/** Gives a provider an inventory of a known class; says what stood in the way. The caller has counted the provider's generation up. */
export async function addInventory(
  ctx: Context,
  tx: Tx,
  providerId: string,
  resourceClass: string,
  inventory: Inventory,
): Promise<'done' | 'unknown class' | 'exists'> {
  if (!(await countUse(tx, 'placement_resource_classes', resourceClass, 1))) return 'unknown class'
  return (await insertInventory(ctx, tx, providerId, resourceClass, inventory)) ? 'done' : 'exists'
}

/** Takes an inventory away, unless it is in use or not there; says whether it did. */
export async function removeInventory(tx: Tx, providerId: string, resourceClass: string): Promise<boolean> {
  if (!(await deleteUnusedInventory(tx, providerId, resourceClass))) return false
  await countUse(tx, 'placement_resource_classes', resourceClass, -1)
  return true
}

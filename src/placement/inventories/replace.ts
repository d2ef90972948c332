import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { addInventory, removeInventory } from './change.ts'
import { inUse } from './refusals.ts'
import { inventoriesOf, updateInventory } from './store.ts'
import type { Inventory } from './inventory.ts'

/** Adds and changes inventories so that a provider has at least these; gives the classes that it has beside them. The generation is the caller's business. */
export async function upsertInventories(
  ctx: Context,
  tx: Tx,
  providerId: string,
  inventories: Readonly<Record<string, Inventory>>,
): Promise<string[]> {
  const before = (await inventoriesOf(tx, [providerId])).map((row) => row.resource_class)
  for (const [resourceClass, inventory] of Object.entries(inventories).toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    if (before.includes(resourceClass)) await updateInventory(ctx, tx, providerId, resourceClass, inventory)
    else if ((await addInventory(ctx, tx, providerId, resourceClass, inventory)) === 'unknown class') {
      throw invalid(`Unknown resource class in inventory for resource provider ${providerId}: No such resource class ${resourceClass}.`)
    }
  }
  return before.filter((resourceClass) => !(resourceClass in inventories))
}

/** Takes inventories away; gives a sentence when one is in use. */
export async function removeInventories(tx: Tx, providerId: string, resourceClasses: readonly string[]): Promise<string | undefined> {
  for (const resourceClass of resourceClasses)
    if (!(await removeInventory(tx, providerId, resourceClass))) return inUse(providerId, resourceClass)
  return undefined
}

import type { Context } from '../../kernel/context.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { duplicateName } from '../codes.ts'
import { insertName } from '../custom-names.ts'
import { completed, sameInventory, type Inventory, type InventorySpec } from '../inventories/inventory.ts'
import { addInventory, removeInventory } from '../inventories/change.ts'
import { inventoriesOf, inventoryOf, updateInventory } from '../inventories/store.ts'
import type { InventoryRow } from '../tables.ts'
import { sameTraits, setTraits, traitsOf } from '../traits/set.ts'
import { bumpGeneration, insertProvider, providerById, renameProvider } from './store.ts'

/** A provider as its owner describes it. */
export interface ProviderSpec {
  readonly id: string
  readonly name: string
  /** What is not said of an inventory stays as it is, or as the API's defaults have it. */
  readonly inventories: Readonly<Record<string, InventorySpec>>
  /** All its traits; left out, they stay as they are. */
  readonly traits?: readonly string[]
}

/**
 * Makes a provider be as described, writing only what differs. A class that is gone but still in use stays, all of it reserved, so that nothing
 * new goes there. Throws conflict `placement.duplicate_name` when another provider has the name.
 */
export async function putProvider(ctx: Context, tx: Tx, { id, name, inventories, traits }: ProviderSpec): Promise<void> {
  const inserted = await insertProvider(ctx, tx, { id, name })
  const provider = await providerById(tx, id)
  if (!provider) throw nameTaken(name)
  const before = new Map((inserted ? [] : await inventoriesOf(tx, [id])).map((row) => [row.resource_class, row]))
  const work: (() => Promise<unknown>)[] = []
  if (provider.name !== name) work.push(() => rename(ctx, tx, id, name))
  work.push(...inventoryWork(ctx, tx, id, before, inventories))
  if (traits && !sameTraits(traits, inserted ? [] : await traitsOf(tx, id))) work.push(() => setTraits(ctx, tx, id, traits))
  if (work.length === 0) return
  // The generation first: two controllers that hear of the same host take turns.
  await bumpGeneration(ctx, tx, provider)
  for (const write of work) await write()
}

const nameTaken = (name: string) => conflict(`Conflicting resource provider name: ${name} already exists.`, { type: duplicateName })

async function rename(ctx: Context, tx: Tx, id: string, name: string): Promise<void> {
  if (!(await renameProvider(ctx, tx, { id, name }))) throw nameTaken(name)
}

function inventoryWork(
  ctx: Context,
  tx: Tx,
  id: string,
  before: ReadonlyMap<string, InventoryRow>,
  inventories: ProviderSpec['inventories'],
) {
  const work: (() => Promise<unknown>)[] = []
  for (const [resourceClass, spec] of Object.entries(inventories)) {
    const row = before.get(resourceClass)
    const inventory = completed(spec, row && inventoryOf(row))
    if (!row) work.push(() => introduceInventory(ctx, tx, id, resourceClass, inventory))
    else if (!sameInventory(inventory, inventoryOf(row))) work.push(() => updateInventory(ctx, tx, id, resourceClass, inventory))
  }
  for (const [resourceClass, row] of before) {
    if (resourceClass in inventories) continue
    if (row.used === 0 || row.capacity > 0) work.push(() => retireInventory(ctx, tx, row))
  }
  return work
}

async function retireInventory(ctx: Context, tx: Tx, row: InventoryRow): Promise<void> {
  if (await removeInventory(tx, row.provider_id, row.resource_class)) return
  await updateInventory(ctx, tx, row.provider_id, row.resource_class, { ...inventoryOf(row), reserved: row.total })
}

async function introduceInventory(ctx: Context, tx: Tx, id: string, resourceClass: string, inventory: Inventory): Promise<void> {
  if ((await addInventory(ctx, tx, id, resourceClass, inventory)) !== 'unknown class') return
  await insertName(ctx, tx, 'placement_resource_classes', resourceClass)
  await addInventory(ctx, tx, id, resourceClass, inventory)
}

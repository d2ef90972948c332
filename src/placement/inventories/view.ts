import type { Inventory } from './inventory.ts'
import { completed } from './inventory.ts'
import type { InventoryFields } from './schema.ts'

/** An inventory as the API shows it. */
export const viewInventory = (inventory: Inventory) => ({
  total: inventory.total,
  reserved: inventory.reserved,
  min_unit: inventory.minUnit,
  max_unit: inventory.maxUnit,
  step_size: inventory.stepSize,
  allocation_ratio: inventory.allocationRatio,
})

/** The same, one alone with its provider's generation; a provider that was never changed shows none. */
export const viewSingle = (inventory: Inventory, generation: number) => ({
  ...viewInventory(inventory),
  ...(generation > 0 && { resource_provider_generation: generation }),
})

export const viewInventories = (inventories: Readonly<Record<string, Inventory>>, generation: number) => ({
  resource_provider_generation: generation,
  inventories: Object.fromEntries(
    Object.entries(inventories).map(([resourceClass, inventory]) => [resourceClass, viewInventory(inventory)]),
  ),
})

/** The inventory that a client describes, whatever was there before. */
export const readInventory = (body: InventoryFields): Inventory =>
  completed({
    total: body.total,
    ...(body.reserved !== undefined && { reserved: body.reserved }),
    ...(body.min_unit !== undefined && { minUnit: body.min_unit }),
    ...(body.max_unit !== undefined && { maxUnit: body.max_unit }),
    ...(body.step_size !== undefined && { stepSize: body.step_size }),
    ...(body.allocation_ratio !== undefined && { allocationRatio: body.allocation_ratio }),
  })

import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { InventoryRow } from '../tables.ts'
import { capacityOf, type Inventory } from './inventory.ts'

/** How much a provider has of one class, and how much of that is allocated. */
export interface Usage {
  readonly total: number
  readonly reserved: number
  readonly capacity: number
  readonly used: number
}

/** Usage by provider and resource class; providers without inventory have an empty entry. */
export async function usageOf(db: Db, providerIds: readonly string[]): Promise<Map<string, Record<string, Usage>>> {
  const usages = new Map<string, Record<string, Usage>>(providerIds.map((id) => [id, {}]))
  for (const { provider_id, resource_class, total, reserved, capacity, used } of await inventoriesOf(db, providerIds)) {
    usages.get(provider_id)![resource_class] = { total, reserved, capacity, used }
  }
  return usages
}

/** All inventories of these providers. */
export async function inventoriesOf(db: Db, providerIds: readonly string[]): Promise<InventoryRow[]> {
  if (providerIds.length === 0) return []
  return db.selectFrom('placement_inventories').selectAll().where('provider_id', 'in', providerIds).orderBy('resource_class').execute()
}

/** Adds an inventory; false when the provider has one of this class already. */
export const insertInventory = (ctx: Context, tx: Tx, providerId: string, resourceClass: string, inventory: Inventory): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'placement_inventories', {
    provider_id: providerId,
    resource_class: resourceClass,
    ...columnsOf(inventory),
    used: 0,
    updated_at: ctx.dialect.now(),
  })

/** Changes an inventory, whatever is allocated of it; false when there is none. */
export async function updateInventory(
  ctx: Context,
  tx: Tx,
  providerId: string,
  resourceClass: string,
  inventory: Inventory,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('placement_inventories')
    .set({ ...columnsOf(inventory), updated_at: ctx.dialect.now() })
    .where('provider_id', '=', providerId)
    .where('resource_class', '=', resourceClass)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Removes an inventory of which nothing is allocated; false when something is, or when there is none. */
export async function deleteUnusedInventory(tx: Tx, providerId: string, resourceClass: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('placement_inventories')
    .where('provider_id', '=', providerId)
    .where('resource_class', '=', resourceClass)
    .where('used', '=', 0)
    .executeTakeFirst()
  return Number(numDeletedRows) === 1
}

const columnsOf = (inventory: Inventory) => ({
  total: inventory.total,
  reserved: inventory.reserved,
  min_unit: inventory.minUnit,
  max_unit: inventory.maxUnit,
  step_size: inventory.stepSize,
  allocation_ratio: inventory.allocationRatio,
  capacity: capacityOf(inventory),
})

/** The inventory that a row holds. */
export const inventoryOf = (row: InventoryRow): Inventory => ({
  total: row.total,
  reserved: row.reserved,
  minUnit: row.min_unit,
  maxUnit: row.max_unit,
  stepSize: row.step_size,
  allocationRatio: row.allocation_ratio,
})

import { sql } from 'kysely'
import type { Tx } from '../../kernel/sql/tables.ts'
import { maxAmount } from '../inventories/inventory.ts'

/** How the use of one inventory changes. */
export interface Change {
  readonly providerId: string
  readonly resourceClass: string
  /** By how much `used` changes; may be negative. */
  readonly delta: number
  /** The amounts of the single allocations that are written, each of which must suit the inventory's units. */
  readonly amounts: readonly number[]
}

/**
 * Changes what is used of several inventories, all or nothing, in one order for everybody. Each is one conditional update, so that
 * no race of any number of controllers brings a provider above its capacity. Gives the first change that does not fit; then nothing has changed.
 */
export async function charge(tx: Tx, changes: readonly Change[]): Promise<Change | undefined> {
  const ordered = changes.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  for (const [index, change] of ordered.entries()) {
    if (await apply(tx, change)) continue
    for (const { providerId, resourceClass, delta } of ordered.slice(0, index))
      await apply(tx, { providerId, resourceClass, delta: -delta, amounts: [] })
    return change
  }
  return undefined
}

const keyOf = ({ providerId, resourceClass }: Change): string => `${providerId} ${resourceClass}`

async function apply(tx: Tx, { providerId, resourceClass, delta, amounts }: Change): Promise<boolean> {
  if (amounts.some((amount) => amount > maxAmount)) return false
  let update = tx
    .updateTable('placement_inventories')
    .set((eb) => ({ used: eb('used', '+', delta) }))
    .where('provider_id', '=', providerId)
    .where('resource_class', '=', resourceClass)
  if (amounts.length > 0 && delta > 0) update = update.where('capacity', '>=', (eb) => eb('used', '+', delta))
  if (amounts.length > 0) update = update.where('min_unit', '<=', Math.min(...amounts)).where('max_unit', '>=', Math.max(...amounts))
  for (const amount of new Set(amounts)) update = update.where(sql`mod(${amount}, step_size)`, '=', 0)
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

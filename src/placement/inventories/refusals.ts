import type { CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import { inventoryInUse } from '../codes.ts'
import { speaks } from '../since.ts'
import { capacityOf, type Inventory } from './inventory.ts'

/** What is wrong with an inventory's size; since 1.26 all of it may be reserved. */
export function sizeProblem(ctx: CloudContext, providerId: string, resourceClass: string, inventory: Inventory): string | undefined {
  const mayBeZero = speaks(ctx, '1.26')
  const capacity = capacityOf(inventory)
  if (capacity > 0 || (mayBeZero && capacity === 0)) return undefined
  const rule = mayBeZero ? 'The reserved value is greater than total.' : 'The reserved value is greater than or equal to total.'
  return `Invalid inventory for '${resourceClass}' on resource provider '${providerId}'. ${rule}`
}

export const inUse = (providerId: string, resourceClasses: string): string =>
  `Inventory for '${resourceClasses}' on resource provider '${providerId}' in use.`

/** Refuses an inventory of an impossible size. */
export function assertSize(
  ctx: CloudContext,
  doing: 'create' | 'update',
  providerId: string,
  resourceClass: string,
  inventory: Inventory,
): void {
  const problem = sizeProblem(ctx, providerId, resourceClass, inventory)
  if (problem) throw invalid(`Unable to ${doing} inventory for resource provider ${providerId}: ${problem}`)
}

export const inUseConflict = (message: string) => conflict(message, { type: inventoryInUse })

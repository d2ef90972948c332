import { conflict, type Fault } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { inventoriesOf } from '../inventories/store.ts'
import type { Change } from './charge.ts'

/** Says why a change of use does not fit. */
export async function misfitConflict(tx: Tx, { providerId, resourceClass, amounts }: Change): Promise<Fault> {
  const row = (await inventoriesOf(tx, [providerId])).find((one) => one.resource_class === resourceClass)
  const refuse = (text: string) => conflict(`Unable to allocate inventory: ${text}`)
  if (!row) return refuse(`Inventory for '${resourceClass}' on resource provider '${providerId}' invalid.`)
  const suits = amounts.every((amount) => amount >= row.min_unit && amount <= row.max_unit && amount % row.step_size === 0)
  const because = suits ? 'would exceed the capacity' : 'would violate inventory constraints'
  return refuse(`Unable to create allocation for '${resourceClass}' on resource provider '${providerId}'. The requested amount ${because}.`)
}

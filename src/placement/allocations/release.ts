import type { Context } from '../../kernel/context.ts'
import { atTheEnd } from '../../kernel/sql/transaction.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { charge } from './charge.ts'
import { allocationsOf, deleteAllocations, deleteConsumer } from './store.ts'

/** Gives back all that a consumer holds; says whether there was anything. Harmless when repeated. */
export async function release(_ctx: Context, tx: Tx, { consumerId }: { consumerId: string }): Promise<boolean> {
  if (!(await deleteConsumer(tx, consumerId))) return false
  const held = (await allocationsOf(tx, [consumerId])).get(consumerId) ?? []
  await deleteAllocations(tx, consumerId)
  const changes = held.flatMap(({ providerId, resources }) =>
    Object.entries(resources).map(([resourceClass, amount]) => ({ providerId, resourceClass, delta: -amount, amounts: [] })),
  )
  // These rows are every build's and every deletion's; and before the quotas, as when something is claimed.
  await atTheEnd(tx, `inventories ${held[0]?.providerId}`, () => charge(tx, changes))
  return held.length > 0
}

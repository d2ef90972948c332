import type { Context } from '../../kernel/context.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { concurrentUpdate } from '../codes.ts'
import { sameResources, wanted, type Resources } from '../resources.ts'
import { charge } from './charge.ts'
import { allocationsOf, deleteAllocations, deleteConsumer, insertAllocations, insertConsumer } from './store.ts'

/** Who wants what from which provider. */
export interface Claim {
  readonly consumerId: string
  readonly projectId: string
  readonly userId: string
  readonly providerId: string
  readonly resources: Resources
  /** What the consumer is; INSTANCE unless said. */
  readonly consumerType?: string
}

/**
 * Takes resources from one provider for one consumer. Throws conflict `placement.concurrent_update` when they do not fit (any more), or when the
 * consumer holds something else; then nothing has changed, and the transaction may go on to the next provider.
 * The same claim again is harmless.
 */
export async function claim(
  ctx: Context,
  tx: Tx,
  { consumerId, projectId, userId, providerId, resources, consumerType = 'INSTANCE' }: Claim,
): Promise<void> {
  const isNew = await insertConsumer(ctx, tx, { id: consumerId, projectId, userId, type: consumerType })
  if (!isNew) {
    const [held, ...more] = (await allocationsOf(tx, [consumerId])).get(consumerId) ?? []
    if (held?.providerId === providerId && more.length === 0 && sameResources(held.resources, resources)) return
    throw conflict(`Consumer ${consumerId} holds other resources.`, { type: concurrentUpdate })
  }
  const parts = wanted(resources)
  await insertAllocations(ctx, tx, consumerId, [{ providerId, resources: Object.fromEntries(parts) }])
  // Last, since everybody waits for these rows.
  const misfit = await charge(
    tx,
    parts.map(([resourceClass, amount]) => ({ providerId, resourceClass, delta: amount, amounts: [amount] })),
  )
  if (misfit) {
    await deleteAllocations(tx, consumerId)
    await deleteConsumer(tx, consumerId)
    throw conflict(`Resource provider ${providerId} has no room for ${misfit.delta} ${misfit.resourceClass}.`, { type: concurrentUpdate })
  }
}

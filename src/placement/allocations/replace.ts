import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { unknownClasses } from '../known.ts'
import { touchProviders } from '../resource-providers/store.ts'
import { changedProviders, changesOf } from './changes.ts'
import { charge } from './charge.ts'
import { registerConsumer } from './consumer.ts'
import { misfitConflict } from './misfit.ts'
import { allocationsOf, deleteAllocations, insertAllocations } from './store.ts'
import type { Wish } from './wish.ts'

/**
 * Makes several consumers hold exactly what they wish, all or nothing. Throws invalid for providers and classes that there are not, conflict for
 * a stale consumer generation and for what does not fit.
 */
export async function replaceAllocations(ctx: Context, tx: Tx, wishes: readonly Wish[]): Promise<void> {
  // Always in one order, and the consumers first: whoever changes a consumer holds it until the end.
  const ordered = wishes.toSorted((one, other) => (one.consumerId < other.consumerId ? -1 : 1))
  await assertKnown(tx, ordered)
  for (const wish of ordered) await registerConsumer(ctx, tx, wish)
  const held = await allocationsOf(
    tx,
    ordered.map((wish) => wish.consumerId),
  )
  const misfit = await charge(tx, changesOf(ordered, held))
  if (misfit) throw await misfitConflict(tx, misfit)
  for (const { consumerId, allocations } of ordered) {
    if (held.has(consumerId)) await deleteAllocations(tx, consumerId)
    await insertAllocations(ctx, tx, consumerId, allocations)
  }
  await touchProviders(ctx, tx, changedProviders(ordered, held))
}

async function assertKnown(tx: Tx, wishes: readonly Wish[]): Promise<void> {
  const wanted = wishes.flatMap((wish) => wish.allocations)
  const ids = [...new Set(wanted.map(({ providerId }) => providerId))]
  const rows = ids.length === 0 ? [] : await tx.selectFrom('placement_providers').select('id').where('id', 'in', ids).execute()
  const missing = ids.find((id) => !rows.some((row) => row.id === id))
  if (missing) throw invalid(`Allocation for resource provider '${missing}' that does not exist.`)
  const [noClass] = await unknownClasses(
    tx,
    wanted.flatMap(({ resources }) => Object.keys(resources)),
  )
  const consumer = wishes.find((wish) => wish.allocations.some(({ resources }) => noClass !== undefined && noClass in resources))
  if (consumer) throw invalid(`Unable to allocate inventory for consumer ${consumer.consumerId}: No such resource class ${noClass}.`)
}

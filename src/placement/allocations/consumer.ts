import type { Context } from '../../kernel/context.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { concurrentUpdate } from '../codes.ts'
import { consumerById, deleteSeenConsumer, insertConsumer, swapConsumer } from './store.ts'
import type { Wish } from './wish.ts'

const again = (id: string) => Object.assign(new Error(`consumer ${id} changed meanwhile`), { code: '40001' })

/** Brings the consumer's own row in line with its wish: there and one generation on, or gone when it wishes for nothing. */
export async function registerConsumer(ctx: Context, tx: Tx, wish: Wish): Promise<void> {
  const { consumerId: id, projectId, userId, type, generation, allocations } = wish
  const seen = await consumerById(tx, id)
  const found = seen?.generation ?? null
  if (generation !== undefined && generation !== found) {
    throw conflict(`consumer generation conflict - expected ${found} but got ${generation ?? 'None'}`, { type: concurrentUpdate })
  }
  if (!seen) {
    if (allocations.length > 0 && !(await insertConsumer(ctx, tx, { id, projectId, userId, type: type ?? null }))) throw again(id)
  } else {
    const done =
      allocations.length > 0
        ? await swapConsumer(ctx, tx, seen, { id, projectId, userId, type: type ?? seen.consumer_type })
        : await deleteSeenConsumer(tx, seen)
    if (!done) throw again(id)
  }
}

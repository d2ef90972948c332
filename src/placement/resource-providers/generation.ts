import type { Context } from '../../kernel/context.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { concurrentUpdate } from '../codes.ts'
import type { ProviderRow } from '../tables.ts'
import { swapGeneration } from './store.ts'

const changed = 'Another thread concurrently updated the resource provider data. Please retry your update'

/** Counts a provider's generation up and gives the new one. Throws conflict `placement.concurrent_update` when someone else was first. */
export async function claimGeneration(
  ctx: Context,
  tx: Tx,
  seen: ProviderRow,
  wording = (error: string) => `update conflict: ${error}`,
): Promise<number> {
  if (!(await swapGeneration(ctx, tx, seen))) throw conflict(wording(changed), { type: concurrentUpdate })
  return seen.generation + 1
}

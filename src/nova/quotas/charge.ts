import { overLimit } from '../../kernel/errors.ts'
import { atTheEnd } from '../../kernel/sql/transaction.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { addUsage, limitsOf, usageOf } from './store.ts'
import type { CountedResource, Usage } from './resources.ts'

/** What a piece of work takes from a project's quota. */
export interface Charge {
  readonly instances?: number
  readonly cores?: number
  readonly ramMb?: number
  readonly serverGroups?: number
}

const amountsOf = ({ instances = 0, cores = 0, ramMb = 0, serverGroups = 0 }: Charge, sign: 1 | -1): Partial<Usage> => ({
  ...(instances && { instances: sign * instances }),
  ...(cores && { cores: sign * cores }),
  ...(ramMb && { ram: sign * ramMb }),
  ...(serverGroups && { server_groups: sign * serverGroups }),
})

/** Counts what will be used against the project's quota, all or nothing. Throws `overLimit` in nova's words. */
export async function chargeQuota(ctx: Context, tx: Tx, projectId: string, charge: Charge): Promise<void> {
  const amounts = amountsOf(charge, 1)
  if (Object.keys(amounts).length === 0) return
  const limits = await limitsOf(tx, projectId)
  if (await addUsage(ctx, tx, projectId, amounts, limits)) return
  const used = await usageOf(tx, projectId)
  const over = (Object.entries(amounts) as [CountedResource, number][])
    .filter(([resource, amount]) => amount > 0 && limits[resource] >= 0 && used[resource] + amount > limits[resource])
    .map(([resource]) => resource)
    .toSorted()
  const first = over[0]
  // What stood in the way was given back meanwhile.
  if (!first) throw Object.assign(new Error('the quota changed meanwhile'), { code: '40001' })
  if (first === 'server_groups') throw overLimit('Quota exceeded, too many server groups.')
  const names = over.join(',')
  throw overLimit(`Quota exceeded for ${names}: Requested ${amounts[first]}, but already used ${used[first]} of ${limits[first]} ${names}`)
}

/** The same as the last of the transaction's work, for who need not know before whether there is enough. */
export const chargeQuotaAtTheEnd = (ctx: Context, tx: Tx, projectId: string, charge: Charge): Promise<void> =>
  atTheEnd(tx, `nova ${projectId}`, () => chargeQuota(ctx, tx, projectId, charge))

/** Gives back what was counted, at the end of the transaction. */
export async function releaseQuota(ctx: Context, tx: Tx, projectId: string, charge: Charge): Promise<void> {
  const amounts = amountsOf(charge, -1)
  if (Object.keys(amounts).length === 0) return
  await atTheEnd(tx, `nova ${projectId}`, () => addUsage(ctx, tx, projectId, amounts))
}

/** Counts one more key pair of a user; the limit is that of the project in which it is made. Throws `overLimit`. */
export async function chargeKeypair(ctx: Context, tx: Tx, { userId, projectId }: { userId: string; projectId: string }): Promise<void> {
  const limits = await limitsOf(tx, projectId)
  if (!(await addUsage(ctx, tx, userId, { key_pairs: 1 }, limits))) throw overLimit('Quota exceeded, too many key pairs.')
}

/** Gives back what `chargeKeypair` counted. */
export async function releaseKeypair(ctx: Context, tx: Tx, userId: string): Promise<void> {
  await addUsage(ctx, tx, userId, { key_pairs: -1 })
}

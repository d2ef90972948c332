import { limitsOfProject } from '../../keystone/contract.ts'
import { overLimit } from '../../kernel/errors.ts'
import { atTheEnd } from '../../kernel/sql/transaction.ts'
import { measures, quotaResources, type Amounts, type QuotaResource, type Usage } from './resources.ts'
import { takeTurn, usageOf } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** The limits of a project that count, by resource. */
export async function limitsOf(db: Db, owner: string): Promise<Amounts> {
  const limits = Object.entries(await limitsOfProject(db, owner, 'image'))
  return Object.fromEntries(limits.filter(([name, limit]) => Object.hasOwn(measures, name) && limit >= 0))
}

/**
 * Refuses with `overLimit` what passes a limit of the project's now. `demand` is how much more is wanted; 0 where nobody knows how much it will
 * be: then what there is must not be too much already. Others may come in between: for what is refused early.
 */
export async function assertRoom(db: Db, owner: string | null, demand: Amounts): Promise<void> {
  if (owner === null) return
  const limits = await limitsOf(db, owner)
  const limited = limitedIn(demand, limits)
  if (limited.length > 0) assertWithin(owner, limited, { demand, limits, before: await usageOf(db, owner) })
}

/**
 * Refuses with `overLimit`, at the end of the transaction, what passes a limit of the project's: on whatever instances, one counts after the
 * other. What the transaction has written is in the count; `own` says how much of it that is. Costs one look where there is no limit.
 */
export async function charge(ctx: Context, tx: Tx, owner: string | null, demand: Amounts, own: Partial<Usage>): Promise<void> {
  if (owner === null) return
  await atTheEnd(tx, `glance ${owner}`, async () => {
    const limits = await limitsOf(tx, owner)
    const limited = limitedIn(demand, limits)
    if (limited.length === 0) return
    await takeTurn(ctx, tx, owner)
    assertWithin(owner, limited, { demand, limits, before: without(await usageOf(tx, owner), own) })
  })
}

const limitedIn = (demand: Amounts, limits: Amounts): QuotaResource[] =>
  quotaResources.filter((resource) => demand[resource] !== undefined && limits[resource] !== undefined)

const without = (now: Usage, { images = 0, pending = 0, bytes = 0, stagedBytes = 0 }: Partial<Usage>): Usage => ({
  images: now.images - images,
  pending: now.pending - pending,
  bytes: now.bytes - bytes,
  stagedBytes: now.stagedBytes - stagedBytes,
})

type Question = { readonly demand: Amounts; readonly limits: Amounts; readonly before: Usage }

function assertWithin(owner: string, limited: readonly QuotaResource[], { demand, limits, before }: Question): void {
  const over = limited.flatMap((resource) => {
    const [usage, delta, limit] = [measures[resource](before), demand[resource]!, limits[resource]!]
    return usage + delta > limit ? [`Resource ${resource} is over limit of ${limit} due to current usage ${usage} and delta ${delta}`] : []
  })
  if (over.length > 0) throw overLimit(refusal(owner, over))
}

// glance's words around those of oslo.limit.
const refusal = (owner: string, over: readonly string[]): string =>
  `The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a quota threshold was breached.\n\nThe response body:\nProject ${owner} is over a limit for [${over.join(', ')}]`

import { sql } from 'kysely'
import { countedResources, defaultLimits, type CountedResource, type Limits, type QuotaResource, type Usage } from './resources.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../tables.ts'

/** The owner of the limits that count for every project without its own. */
export const defaultClass = 'class:default'

/** The limits of a project (or of `defaultClass`): its own, those of the default class, and nova's, in this order. */
export async function limitsOf(db: Db, owner: string): Promise<Limits> {
  const rows = await db.selectFrom('nova_quota_limits').selectAll().where('owner', 'in', [owner, defaultClass]).execute()
  const of = (wanted: string) =>
    Object.fromEntries(rows.filter((row) => row.owner === wanted).map((row) => [row.resource, Number(row.hard_limit)]))
  return { ...defaultLimits, ...of(defaultClass), ...of(owner) }
}

/** Sets one limit; later calls win. */
export async function setLimit(ctx: Context, tx: Tx, owner: string, resource: QuotaResource, hardLimit: number): Promise<void> {
  if (await ctx.dialect.insertIfAbsent(tx, 'nova_quota_limits', { owner, resource, hard_limit: hardLimit })) return
  await tx
    .updateTable('nova_quota_limits')
    .set({ hard_limit: hardLimit })
    .where('owner', '=', owner)
    .where('resource', '=', resource)
    .execute()
}

/** Gives a project the default limits again. */
export async function forgetLimits(tx: Tx, owner: string): Promise<void> {
  await tx.deleteFrom('nova_quota_limits').where('owner', '=', owner).execute()
}

const nothing: Usage = { instances: 0, cores: 0, ram: 0, key_pairs: 0, server_groups: 0 }

/** What a project (or, for key pairs, a user) uses now. */
export async function usageOf(db: Db, owner: string): Promise<Usage> {
  const row = await db.selectFrom('nova_quota_usages').select(countedResources).where('owner', '=', owner).executeTakeFirst()
  if (!row) return nothing
  return Object.fromEntries(countedResources.map((resource) => [resource, Number(row[resource])])) as unknown as Usage
}

/** Adds to what an owner uses unless a limit would be passed; says whether it did. One statement decides: others can't come between. */
export async function addUsage(ctx: Context, tx: Tx, owner: string, amounts: Partial<Usage>, limits?: Limits): Promise<boolean> {
  if (await increase(tx, owner, amounts, limits)) return true
  // Either there was no row yet, or there was no room; whoever made the row meanwhile, it is there now.
  await ctx.dialect.insertIfAbsent(tx, 'nova_quota_usages', { owner, ...nothing })
  return increase(tx, owner, amounts, limits)
}

async function increase(tx: Tx, owner: string, amounts: Partial<Usage>, limits: Limits | undefined): Promise<boolean> {
  const entries = Object.entries(amounts) as [CountedResource, number][]
  let update = tx
    .updateTable('nova_quota_usages')
    .set(Object.fromEntries(entries.map(([resource, amount]) => [resource, sql`${sql.ref(resource)} + ${amount}`])))
    .where('owner', '=', owner)
  for (const [resource, amount] of entries) {
    if (limits && limits[resource] >= 0 && amount > 0) update = update.where(resource, '<=', limits[resource] - amount)
  }
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

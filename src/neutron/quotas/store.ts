import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../tables.ts'

/** What is counted, and how many a project may have unless an admin says otherwise; -1 is no limit. */
export const defaultLimits = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
} as const

export type QuotaResource = keyof typeof defaultLimits
export const quotaResources = Object.keys(defaultLimits) as QuotaResource[]

interface Usage {
  readonly projectId: string
  readonly resource: QuotaResource
}

/** Adds to what is used, unless that would pass the limit (or always, `regardless` of it); false if it would, or if there is no row yet. */
export async function addUsed(
  tx: Tx,
  { projectId, resource, amount, regardless = false }: Usage & { amount: number; regardless?: boolean },
): Promise<boolean> {
  const limit = sql<number>`coalesce(limit_value, ${sql.lit(defaultLimits[resource])})`
  let query = tx
    .updateTable('neutron_quotas')
    .set({ used: sql<number>`used + ${amount}` })
    .where('project_id', '=', projectId)
    .where('resource', '=', resource)
  if (amount > 0 && !regardless) query = query.where(sql<boolean>`(${limit} < 0 or used + ${amount} <= ${limit})`)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function ensureUsage(ctx: Context, tx: Tx, { projectId, resource }: Usage): Promise<void> {
  await ctx.dialect.insertIfAbsent(tx, 'neutron_quotas', { project_id: projectId, resource, used: 0, limit_value: null })
}

/** Sets a project's own limit; null returns to the default. */
export async function setLimit(ctx: Context, tx: Tx, { projectId, resource, limit }: Usage & { limit: number | null }): Promise<void> {
  await ensureUsage(ctx, tx, { projectId, resource })
  await tx
    .updateTable('neutron_quotas')
    .set({ limit_value: limit })
    .where('project_id', '=', projectId)
    .where('resource', '=', resource)
    .execute()
}

export async function clearLimits(tx: Tx, projectId: string): Promise<void> {
  await tx.updateTable('neutron_quotas').set({ limit_value: null }).where('project_id', '=', projectId).execute()
}

export interface QuotaState {
  readonly limit: number
  readonly used: number
}

/** Limit and use of every resource of a project. */
export async function quotasOf(db: Db, projectId: string): Promise<Record<QuotaResource, QuotaState>> {
  const rows = await db.selectFrom('neutron_quotas').selectAll().where('project_id', '=', projectId).execute()
  const state = (resource: QuotaResource): QuotaState => {
    const row = rows.find((candidate) => candidate.resource === resource)
    return { limit: row?.limit_value ?? defaultLimits[resource], used: row?.used ?? 0 }
  }
  return Object.fromEntries(quotaResources.map((resource) => [resource, state(resource)])) as Record<QuotaResource, QuotaState>
}

/** Projects that have a limit of their own. */
export async function projectsWithLimits(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('neutron_quotas')
    .select('project_id')
    .distinct()
    .where('limit_value', 'is not', null)
    .orderBy('project_id')
    .execute()
  return rows.map((row) => row.project_id)
}

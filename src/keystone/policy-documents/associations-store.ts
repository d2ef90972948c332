import '../catalog/tables.ts'
import { regionById } from '../regions/store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { EndpointRow, PolicyRow } from '../catalog/tables.ts'

/** What a policy is for; '' where it does not matter. */
export interface PolicyTarget {
  readonly endpoint_id: string
  readonly service_id: string
  readonly region_id: string
}

const at = (db: Db, { endpoint_id, service_id, region_id }: PolicyTarget) =>
  db
    .selectFrom('keystone_policy_associations')
    .select('policy_id')
    .where('endpoint_id', '=', endpoint_id)
    .where('service_id', '=', service_id)
    .where('region_id', '=', region_id)
    .executeTakeFirst()

export const isAssociated = async (db: Db, policyId: string, target: PolicyTarget): Promise<boolean> =>
  (await at(db, target))?.policy_id === policyId

/** Makes it the policy of this target, instead of the one that was. */
export async function associate(ctx: Context, tx: Tx, policyId: string, target: PolicyTarget): Promise<void> {
  if (await ctx.dialect.insertIfAbsent(tx, 'keystone_policy_associations', { ...target, policy_id: policyId })) return
  await tx
    .updateTable('keystone_policy_associations')
    .set({ policy_id: policyId })
    .where('endpoint_id', '=', target.endpoint_id)
    .where('service_id', '=', target.service_id)
    .where('region_id', '=', target.region_id)
    .execute()
}

/** False: it was not the policy of this target. */
export async function dissociate(tx: Tx, policyId: string, target: PolicyTarget): Promise<boolean> {
  const result = await tx
    .deleteFrom('keystone_policy_associations')
    .where('policy_id', '=', policyId)
    .where('endpoint_id', '=', target.endpoint_id)
    .where('service_id', '=', target.service_id)
    .where('region_id', '=', target.region_id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

/** The policy of an endpoint: its own, else its service's in the nearest region around it, else its service's. */
export async function policyOf(db: Db, { id, service_id, region_id }: EndpointRow): Promise<PolicyRow | undefined> {
  const targets: PolicyTarget[] = [{ endpoint_id: id, service_id: '', region_id: '' }]
  for (const region of await regionsAround(db, region_id)) targets.push({ endpoint_id: '', service_id, region_id: region })
  targets.push({ endpoint_id: '', service_id, region_id: '' })
  for (const target of targets) {
    const found = await at(db, target)
    if (found) return db.selectFrom('keystone_policies').selectAll().where('id', '=', found.policy_id).executeTakeFirst()
  }
  return undefined
}

/** The region and all around it, the nearest first. */
async function regionsAround(db: Db, id: string | null): Promise<string[]> {
  const regions: string[] = []
  for (let next = id; next !== null && !regions.includes(next); next = (await regionById(db, next))?.parent_region_id ?? null)
    regions.push(next)
  return regions
}

/** The endpoints that this policy is for. */
export async function endpointsOf(db: Db, policyId: string): Promise<EndpointRow[]> {
  const own = await db.selectFrom('keystone_policy_associations').selectAll().where('policy_id', '=', policyId).execute()
  const [ids, services] = [own.map((one) => one.endpoint_id), own.map((one) => one.service_id)]
  if (own.length === 0) return []
  const candidates = await db
    .selectFrom('keystone_endpoints')
    .selectAll()
    .where((where) => where.or([where('id', 'in', ids), where('service_id', 'in', services)]))
    .orderBy('id')
    .execute()
  const isFor = await Promise.all(candidates.map(async (row) => (await policyOf(db, row))?.id === policyId))
  return candidates.filter((_, index) => isFor[index])
}

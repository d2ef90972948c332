import { countUsedIn } from '../ipam/store.ts'
import { readAddress } from '../ipam/addresses.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow, SubnetRow } from '../tables.ts'

export interface AvailabilityFilters {
  readonly networkIds?: readonly string[]
  readonly names?: readonly string[]
  readonly projectIds?: readonly string[]
}

export function networksForAvailability(db: Db, { networkIds, names, projectIds }: AvailabilityFilters): Promise<NetworkRow[]> {
  let query = db.selectFrom('neutron_networks').selectAll().orderBy('id')
  if (networkIds) query = query.where('id', 'in', [...networkIds])
  if (names) query = query.where('name', 'in', [...names])
  if (projectIds) query = query.where('project_id', 'in', [...projectIds])
  return query.execute()
}

export const subnetsForAvailability = (db: Db, networkIds: readonly string[]): Promise<SubnetRow[]> =>
  networkIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('neutron_subnets')
        .selectAll()
        .where('network_id', 'in', [...networkIds])
        .orderBy('id')
        .execute()

/** How many addresses of a subnet are used: of all, and of its pools. */
export interface Use {
  readonly all: number
  readonly ofPools: number
}

export async function usesOfSubnets(db: Db, subnets: readonly SubnetRow[]): Promise<Map<string, Use>> {
  if (subnets.length === 0) return new Map()
  const rows = await db
    .selectFrom('neutron_ip_allocations')
    .select((eb) => ['subnet_id', eb.fn.countAll().as('used')])
    .where(
      'subnet_id',
      'in',
      subnets.map((subnet) => subnet.id),
    )
    .groupBy('subnet_id')
    .execute()
  const all = new Map(rows.map((row) => [row.subnet_id, Number(row.used)]))
  const uses = new Map<string, Use>()
  for (const subnet of subnets) {
    let ofPools = 0n
    for (const { start, end } of subnet.allocation_pools_json) {
      ofPools += await countUsedIn(db, subnet.id, { first: readAddress(start)!.value, last: readAddress(end)!.value })
    }
    uses.set(subnet.id, { all: all.get(subnet.id) ?? 0, ofPools: Number(ofPools) })
  }
  return uses
}

import { sql, type SelectQueryBuilder } from 'kysely'
import type { Db } from '../../kernel/sql/tables.ts'
import type { AggregateFilter, TraitFilter } from '../query-words.ts'
import { wanted, type Resources } from '../resources.ts'
import type { ProviderRow } from '../tables.ts'

export interface ProviderFilter extends TraitFilter, AggregateFilter {
  readonly name?: string
  readonly id?: string
  /** Any provider of the tree that is meant. */
  readonly inTreeOf?: string
  /** What a provider must have room for. */
  readonly resources: Resources
}

type Query = SelectQueryBuilder<any, any, any>

/** Providers that pass all of it, the oldest first. */
export async function providersWhere(db: Db, filter: ProviderFilter): Promise<ProviderRow[]> {
  let query: Query = db.selectFrom('placement_providers as p').selectAll('p').orderBy('p.created_at').orderBy('p.id') as Query
  if (filter.name !== undefined) query = query.where('p.name', '=', filter.name)
  if (filter.id !== undefined) query = query.where('p.id', '=', filter.id)
  if (filter.inTreeOf !== undefined) {
    query = query.where('p.root_id', '=', (eb: any) =>
      eb.selectFrom('placement_providers as anchor').select('anchor.root_id').where('anchor.id', '=', filter.inTreeOf),
    )
  }
  for (const [resourceClass, amount] of wanted(filter.resources))
    query = query.where((eb: any) => eb.exists(inventoryWithRoom(eb, resourceClass, amount)))
  for (const traits of filter.required)
    query = query.where((eb: any) => eb.exists(belonging(eb, 'placement_provider_traits', 'trait', traits)))
  if (filter.forbidden.length > 0)
    query = query.where((eb: any) => eb.not(eb.exists(belonging(eb, 'placement_provider_traits', 'trait', filter.forbidden))))
  for (const ids of filter.memberOf)
    query = query.where((eb: any) => eb.exists(belonging(eb, 'placement_provider_aggregates', 'aggregate_id', ids)))
  if (filter.notMemberOf.length > 0) {
    query = query.where((eb: any) => eb.not(eb.exists(belonging(eb, 'placement_provider_aggregates', 'aggregate_id', filter.notMemberOf))))
  }
  return (await query.execute()) as ProviderRow[]
}

const belonging = (eb: any, table: string, column: string, values: readonly string[]) =>
  eb.selectFrom(`${table} as b`).select('b.provider_id').whereRef('b.provider_id', '=', 'p.id').where(`b.${column}`, 'in', values)

const inventoryWithRoom = (eb: any, resourceClass: string, amount: number) =>
  eb
    .selectFrom('placement_inventories as i')
    .select('i.provider_id')
    .whereRef('i.provider_id', '=', 'p.id')
    .where('i.resource_class', '=', resourceClass)
    .where('i.capacity', '>=', (inner: any) => inner('i.used', '+', amount))
    .where('i.min_unit', '<=', amount)
    .where('i.max_unit', '>=', amount)
    .where(sql`mod(${amount}, i.step_size)`, '=', 0)

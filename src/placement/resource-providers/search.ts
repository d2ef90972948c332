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

export type Query = SelectQueryBuilder<any, any, any>

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
  return (await thatHave(query, filter).execute()) as ProviderRow[]
}

/** What a provider must have and be. */
export interface Demand extends TraitFilter, AggregateFilter {
  readonly resources: Resources
  /** Whether it counts as a member of what its root is in. */
  readonly rootLends?: boolean
}

/** Narrows a query to those providers, called `p` in it, that have room for all of the resources, and pass. */
export function thatHave(query: Query, { resources, required, forbidden, memberOf, notMemberOf, rootLends = false }: Demand): Query {
  const traits = (eb: any, names: readonly string[]) => belonging(eb, 'placement_provider_traits', 'trait', names, ['p.id'])
  const lenders = rootLends ? ['p.id', 'p.root_id'] : ['p.id']
  const aggregates = (eb: any, ids: readonly string[]) => belonging(eb, 'placement_provider_aggregates', 'aggregate_id', ids, lenders)
  let narrowed = query
  for (const [resourceClass, amount] of wanted(resources))
    narrowed = narrowed.where((eb: any) => eb.exists(inventoryWithRoom(eb, resourceClass, amount)))
  for (const names of required) narrowed = narrowed.where((eb: any) => eb.exists(traits(eb, names)))
  if (forbidden.length > 0) narrowed = narrowed.where((eb: any) => eb.not(eb.exists(traits(eb, forbidden))))
  for (const ids of memberOf) narrowed = narrowed.where((eb: any) => eb.exists(aggregates(eb, ids)))
  if (notMemberOf.length > 0) narrowed = narrowed.where((eb: any) => eb.not(eb.exists(aggregates(eb, notMemberOf))))
  return narrowed
}

const belonging = (eb: any, table: string, column: string, values: readonly string[], owners: readonly string[]) =>
  eb
    .selectFrom(`${table} as b`)
    .select('b.provider_id')
    .where((inner: any) => inner.or(owners.map((owner) => inner('b.provider_id', '=', inner.ref(owner)))))
    .where(`b.${column}`, 'in', values)

const inventoryWithRoom = (eb: any, resourceClass: string, amount: number) =>
  eb
    .selectFrom('placement_inventories as i')
    .select('i.provider_id')
    .whereRef('i.provider_id', '=', 'p.id')
    .where('i.resource_class', '=', resourceClass)
    .where('i.capacity', '>=', (inner: any) => inner('i.used', '+', amount))
    .where('i.min_unit', '<=', amount)
    .where('i.max_unit', '>=', amount)
    // Not "= 0", of which PostgreSQL thinks that it is hardly ever so: then it would begin with all inventories of the class.
    .where(sql`mod(${amount}, i.step_size)`, '<', 1)

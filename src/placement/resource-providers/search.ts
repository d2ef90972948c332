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

/** How it is asked whether there are rows for each provider. */
export type Asking = (eb: any, question: Query) => any

/** The planner may make one join of all questions. */
const together: Asking = (eb, question) => eb.exists(question)

/**
 * Each provider is asked in turn, by its keys, and the first question that it fails is its last: the limit keeps planners from joins. For few
 * providers of many that is the better way; planners have no idea of what there is room for, and may begin with all inventories each time.
 */
export const inTurn: Asking = (eb, question) => eb.exists(question.limit(1).offset(0))

/** Narrows a query to those providers, called `p` in it, that have room for all of the resources, and pass. */
export function thatHave(query: Query, demand: Demand, asking: Asking = together): Query {
  const { resources, required, forbidden, memberOf, notMemberOf, rootLends = false } = demand
  const trait = (eb: any, names: readonly string[]) => asking(eb, belonging(eb, 'placement_provider_traits', 'trait', names, 'p.id'))
  const lenders = rootLends ? ['p.id', 'p.root_id'] : ['p.id']
  // A question for each: of one that names two columns of `p`, MariaDB makes one about all members.
  const aggregate = (eb: any, ids: readonly string[]) =>
    eb.or(lenders.map((lender) => asking(eb, belonging(eb, 'placement_provider_aggregates', 'aggregate_id', ids, lender))))
  let narrowed = query
  for (const names of required) narrowed = narrowed.where((eb: any) => trait(eb, names))
  if (forbidden.length > 0) narrowed = narrowed.where((eb: any) => eb.not(trait(eb, forbidden)))
  for (const ids of memberOf) narrowed = narrowed.where((eb: any) => aggregate(eb, ids))
  if (notMemberOf.length > 0) narrowed = narrowed.where((eb: any) => eb.not(aggregate(eb, notMemberOf)))
  for (const [resourceClass, amount] of wanted(resources)) {
    const room = (eb: any) => inventoriesWithRoom(eb, resourceClass, amount).select('i.provider_id').whereRef('i.provider_id', '=', 'p.id')
    narrowed = narrowed.where((eb: any) => asking(eb, room(eb)))
  }
  return narrowed
}

const belonging = (eb: any, table: string, column: string, values: readonly string[], owner: string): Query =>
  eb.selectFrom(`${table} as b`).select('b.provider_id').whereRef('b.provider_id', '=', owner).where(`b.${column}`, 'in', values)

/** Inventories, called `i`, with room for so much of a class in one piece. */
export const inventoriesWithRoom = (db: Db, resourceClass: string, amount: number): Query =>
  (db.selectFrom('placement_inventories as i') as Query)
    .where('i.resource_class', '=', resourceClass)
    .where('i.capacity', '>=', (inner: any) => inner('i.used', '+', amount))
    .where('i.min_unit', '<=', amount)
    .where('i.max_unit', '>=', amount)
    // Not "= 0", of which PostgreSQL thinks that it is hardly ever so: then it would begin with all inventories of the class.
    .where(sql`mod(${amount}, i.step_size)`, '<', 1)

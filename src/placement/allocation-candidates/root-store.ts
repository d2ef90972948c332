import type { Db } from '../../kernel/sql/tables.ts'
import type { TraitFilter } from '../query-words.ts'
import { inTurn, thatHave, type Demand, type Query } from '../resource-providers/search.ts'
import { distinct, type Need } from './needs.ts'

/** The first roots after an id, in the order of their ids. */
export async function rootsAfter(db: Db, after: string, count: number): Promise<string[]> {
  const rows = await db
    .selectFrom('placement_providers')
    .select('id')
    .where('parent_id', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(count)
    .execute()
  return rows.map((row) => row.id)
}

/** A need, and the aggregates through which trees share in providers that meet it. */
export interface NeedAndHelp {
  readonly need: Need
  readonly helpedIn: readonly string[]
}

/** Those of these roots that pass, and in whose trees each need is met by someone, or shared by someone. Sorted by id. */
export async function rootsThatMeet(
  db: Db,
  rootIds: readonly string[],
  needs: readonly NeedAndHelp[],
  passing: TraitFilter,
): Promise<string[]> {
  if (rootIds.length === 0) return []
  const roots = db.selectFrom('placement_providers as root').select('root.id').where('root.id', 'in', rootIds) as Query
  const rows = await meeting(thatPass(roots, passing), questionsOf(needs)).orderBy('root.id').execute()
  return rows.map((row) => row.id)
}

const nothing: Demand = { resources: {}, required: [], forbidden: [], memberOf: [], notMemberOf: [] }

function thatPass(query: Query, passing: TraitFilter): Query {
  if (passing.required.length + passing.forbidden.length === 0) return query
  return query.where((eb: any) => inTurn(eb, thatHave(providersBy(eb, 'p.id'), { ...nothing, ...passing }, inTurn)))
}

function meeting(query: Query, needs: readonly NeedAndHelp[]): Query {
  return needs.reduce((narrowed, { need, helpedIn }) => {
    const someoneHas = (eb: any, demand: Demand) => inTurn(eb, thatHave(inTreeOf(providersBy(eb, 'p.root_id'), need), demand, inTurn))
    const helped = { ...nothing, memberOf: [helpedIn] }
    return narrowed.where((eb: any) =>
      helpedIn.length === 0 ? someoneHas(eb, need) : eb.or([someoneHas(eb, need), someoneHas(eb, helped)]),
    )
  }, query)
}

/** First what traits and aggregates each need asks for, which is seldom; then all of it. Needs of one group ask for the same. */
function questionsOf(needs: readonly NeedAndHelp[]): NeedAndHelp[] {
  const marks = needs
    .filter(({ need }) => need.required.length + need.memberOf.length > 0)
    .map(({ need, helpedIn }) => ({ need: { ...need, resources: {} }, helpedIn }))
  return distinct([...marks, ...needs])
}

const providersBy = (eb: any, column: 'p.id' | 'p.root_id'): Query =>
  eb.selectFrom('placement_providers as p').select('p.id').whereRef(column, '=', 'root.id')

function inTreeOf(query: Query, { inTree }: Need): Query {
  if (inTree === undefined) return query
  return query.where('p.root_id', '=', (eb: any) =>
    eb.selectFrom('placement_providers as a').select('a.root_id').where('a.id', '=', inTree),
  )
}

import type { Db } from '../../kernel/sql/tables.ts'
import type { TraitFilter } from '../query-words.ts'
import { thatHave, type Query } from '../resource-providers/search.ts'
import type { Need } from './needs.ts'

/** The roots after `after` up to and with `through`, in the order of their ids; `through` is left out when no more than `mostRoots` are left. */
export interface Stretch {
  readonly after: string
  readonly through?: string | undefined
}

/** So many roots a stretch may have. */
export const mostRoots = 4096

/** The id of the root that is so many after another; undefined when there are fewer. */
export async function rootFurtherOn(db: Db, after: string, count: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('placement_providers')
    .select('id')
    .where('parent_id', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** A need, and the aggregates through which trees share in providers that meet it. */
export interface NeedAndHelp {
  readonly need: Need
  readonly helpedIn: readonly string[]
}

/** Roots of a stretch that pass, and in whose trees each need is met by someone, or shared by someone. Sorted by id. */
export async function rootsThatMeet(db: Db, stretch: Stretch, needs: readonly NeedAndHelp[], passing: TraitFilter): Promise<string[]> {
  // Who has the traits is asked first, which the limit sees to: traits may be rare, and of room the planners have no idea.
  const marked = db.selectFrom(markedRoots(db, stretch, needs, passing).limit(mostRoots).as('root')).select('root.id') as Query
  const rows = await meeting(marked, needs, stretch).orderBy('root.id').execute()
  return rows.map((row) => row.id)
}

function markedRoots(db: Db, stretch: Stretch, needs: readonly NeedAndHelp[], passing: TraitFilter): Query {
  const roots = db.selectFrom('placement_providers as root').select('root.id').where('root.parent_id', 'is', null) as Query
  let query = within(roots, 'root.id', stretch)
  if (passing.required.length + passing.forbidden.length > 0) {
    const demand = { ...passing, resources: {}, memberOf: [], notMemberOf: [] }
    query = query.where((eb: any) => eb.exists(thatHave(providersBy(eb, 'p.id', stretch), demand)))
  }
  for (const { inTree } of needs.map(({ need }) => need)) {
    const anchor = (eb: any) => eb.selectFrom('placement_providers as a').select('a.root_id').where('a.id', '=', inTree)
    if (inTree !== undefined) query = query.where('root.id', '=', anchor)
  }
  return meeting(query, marksOf(needs), stretch)
}

/** What traits and aggregates each need asks for; needs of one group ask for the same. */
function marksOf(needs: readonly NeedAndHelp[]): NeedAndHelp[] {
  const marks = needs
    .filter(({ need }) => need.required.length + need.memberOf.length > 0)
    .map(({ need, helpedIn }) => ({ need: { ...need, resources: {} }, helpedIn }))
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()]
}

function meeting(query: Query, needs: readonly NeedAndHelp[], stretch: Stretch): Query {
  return needs.reduce((narrowed, { need, helpedIn }) => {
    const met = (eb: any) => eb.exists(thatHave(providersBy(eb, 'p.root_id', stretch), need))
    return narrowed.where((eb: any) => (helpedIn.length === 0 ? met(eb) : eb.or([met(eb), eb.exists(membersOf(eb, helpedIn, stretch))])))
  }, query)
}

// Each part of the question keeps to the stretch, so that the planner can begin with any of them, and never looks at all providers.
const providersBy = (eb: any, column: 'p.id' | 'p.root_id', stretch: Stretch): Query =>
  within(eb.selectFrom('placement_providers as p').select('p.id').whereRef(column, '=', 'root.id'), column, stretch)

const membersOf = (eb: any, aggregateIds: readonly string[], stretch: Stretch) =>
  providersBy(eb, 'p.root_id', stretch)
    .innerJoin('placement_provider_aggregates as m', 'm.provider_id', 'p.id')
    .where('m.aggregate_id', 'in', aggregateIds)

function within(query: Query, column: string, { after, through }: Stretch): Query {
  const begun = query.where(column, '>', after)
  return through === undefined ? begun : begun.where(column, '<=', through)
}

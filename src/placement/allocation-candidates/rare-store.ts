import { sql } from 'kysely'
import type { Db } from '../../kernel/sql/tables.ts'
import { inventoriesWithRoom, type Query } from '../resource-providers/search.ts'
import { wanted } from '../resources.ts'
import { distinct } from './needs.ts'
import type { NeedAndHelp } from './root-store.ts'

/** What so many providers have is not rare. */
const many = 2500

/**
 * The roots of all that have what is rarest among the things that someone in a tree must have; undefined when nothing of it is rare. Sorted.
 * Each question is about one table, and nobody counts further than to many: it takes no planner's guess to be quick.
 */
export async function rarestRoots(db: Db, needs: readonly NeedAndHelp[]): Promise<string[] | undefined> {
  const questions = ownersOf(db, needs)
  const counts = questions.map((question, at) =>
    db.selectFrom(question.limit(many).as('owners')).select([sql<number>`${sql.lit(at)}`.as('at'), sql<number>`count(*)`.as('count')]),
  )
  if (counts.length === 0) return undefined
  const rows = await counts.reduce((all, one) => all.unionAll(one)).execute()
  const [rarest] = rows.toSorted((one, other) => Number(one.count) - Number(other.count))
  if (!rarest || Number(rarest.count) >= many) return undefined
  const owners = questions[rarest.at]!
  const roots = await db
    .selectFrom('placement_providers')
    .select('root_id')
    .distinct()
    .where('id', 'in', owners)
    .orderBy('root_id')
    .execute()
  return roots.map((row) => row.root_id)
}

/** Who has it, for each thing that nobody can share. */
function ownersOf(db: Db, needs: readonly NeedAndHelp[]): Query[] {
  const own = needs.filter(({ helpedIn }) => helpedIn.length === 0).map(({ need }) => need)
  return [
    ...own.filter(({ inTree }) => inTree !== undefined).map(({ inTree }) => having(db, 'placement_providers', 'id', [inTree!], 'id')),
    ...distinct(own.flatMap(({ required }) => required)).map((traits) => having(db, 'placement_provider_traits', 'trait', traits)),
    ...distinct(own.flatMap(({ memberOf }) => memberOf)).map((ids) => having(db, 'placement_provider_aggregates', 'aggregate_id', ids)),
    ...distinct(own.flatMap(({ resources }) => wanted(resources))).map(([resourceClass, amount]) =>
      inventoriesWithRoom(db, resourceClass, amount).select('i.provider_id as owner'),
    ),
  ]
}

const having = (db: Db, table: string, column: string, values: readonly string[], owner = 'provider_id'): Query =>
  (db.selectFrom(table as 'placement_providers') as Query).select(`${owner} as owner`).distinct().where(column, 'in', values)

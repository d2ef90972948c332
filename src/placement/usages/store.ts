import type { Db } from '../../kernel/sql/tables.ts'

/** Whose consumers count. */
export interface UsageFilter {
  readonly projectId: string
  readonly userId?: string
  /** A type; null: consumers of which nobody said the type; left out: all. */
  readonly type?: string | null
}

export interface TypedUsage {
  readonly type: string | null
  readonly resourceClass: string
  readonly used: number
}

/** What these consumers hold together, by their type and by resource class. */
export async function usedByType(db: Db, filter: UsageFilter): Promise<TypedUsage[]> {
  const rows = await matching(db, filter)
    .innerJoin('placement_allocations as a', 'a.consumer_id', 'c.id')
    .select(['c.consumer_type', 'a.resource_class'])
    .select((eb) => eb.fn.sum('a.used').as('used'))
    .groupBy(['c.consumer_type', 'a.resource_class'])
    .orderBy('a.resource_class')
    .execute()
  return rows.map((row) => ({ type: row.consumer_type, resourceClass: row.resource_class, used: Number(row.used) }))
}

/** How many consumers there are of each type. */
export async function consumersByType(db: Db, filter: UsageFilter): Promise<Map<string | null, number>> {
  const rows = await matching(db, filter)
    .select('c.consumer_type')
    .select((eb) => eb.fn.countAll().as('count'))
    .groupBy('c.consumer_type')
    .execute()
  return new Map(rows.map((row) => [row.consumer_type, Number(row.count)]))
}

function matching(db: Db, { projectId, userId, type }: UsageFilter) {
  let query = db.selectFrom('placement_consumers as c').where('c.project_id', '=', projectId)
  if (userId !== undefined) query = query.where('c.user_id', '=', userId)
  if (type === null) query = query.where('c.consumer_type', 'is', null)
  else if (type !== undefined) query = query.where('c.consumer_type', '=', type)
  return query
}

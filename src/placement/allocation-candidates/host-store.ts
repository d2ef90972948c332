import { sql } from 'kysely'
import type { Db } from '../../kernel/sql/tables.ts'
import type { Resources } from '../resources.ts'

// Three small questions with one plan each, instead of one join for which the planners, not knowing that a few hosts suffice, look at all of them.

/** At most `limit` providers whose places are in [from, to), in that order. */
export const providersAt = (db: Db, from: number, to: number, limit: number) =>
  db
    .selectFrom('placement_providers')
    .select(['id', 'name', 'place'])
    .where('place', '>=', from)
    .where('place', '<', to)
    .orderBy('place')
    .limit(limit)
    .execute()

/** What is free among these providers, by provider and class, where it suffices for the amount in one piece. */
export async function freeAmong(
  db: Db,
  ids: readonly string[],
  parts: readonly [resourceClass: string, amount: number][],
): Promise<Map<string, Resources>> {
  if (parts.length === 0) return new Map(ids.map((id) => [id, {}]))
  const rows = await db
    .selectFrom('placement_inventories')
    .select(['provider_id', 'resource_class', sql<number>`capacity - used`.as('free')])
    .where('provider_id', 'in', ids)
    .where((eb) =>
      eb.or(
        parts.map(([resourceClass, amount]) =>
          eb.and([
            eb('resource_class', '=', resourceClass),
            eb('capacity', '>=', eb('used', '+', amount)),
            eb('min_unit', '<=', amount),
            eb('max_unit', '>=', amount),
            eb(sql<number>`mod(${amount}, step_size)`, '=', 0),
          ]),
        ),
      ),
    )
    .execute()
  const byProvider = Map.groupBy(rows, (row) => row.provider_id)
  return new Map([...byProvider].map(([id, own]) => [id, Object.fromEntries(own.map((row) => [row.resource_class, Number(row.free)]))]))
}

/** Those of these providers that have all the traits. */
export async function withTraits(db: Db, ids: readonly string[], traits: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const wanted = [...new Set(traits)]
  const rows = await db
    .selectFrom('placement_provider_traits')
    .select('provider_id')
    .where('provider_id', 'in', ids)
    .where('trait', 'in', wanted)
    .execute()
  const counts = Map.groupBy(rows, (row) => row.provider_id)
  return new Set([...counts].filter(([, own]) => own.length === wanted.length).map(([id]) => id))
}

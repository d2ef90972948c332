import { sql } from 'kysely'
import { aggregatesOf } from '../aggregates/store.ts'
import { inventoriesOf, inventoryOf } from '../inventories/store.ts'
import { traitsOfProviders } from '../traits/store.ts'
import { sharingTrait, type TreeProvider } from './tree.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ProviderRow } from '../tables.ts'

export interface Room {
  readonly providerId: string
  readonly rootId: string
  readonly resourceClass: string
}

/** Where at least so much of each class is free. Classes with several amounts are asked for by the smallest. */
export async function roomFor(db: Db, amounts: readonly (readonly [resourceClass: string, amount: number])[]): Promise<Room[]> {
  if (amounts.length === 0) return []
  const rows = await db
    .selectFrom('placement_inventories as i')
    .innerJoin('placement_providers as p', 'p.id', 'i.provider_id')
    .select(['i.provider_id', 'i.resource_class', 'p.root_id'])
    .where((eb) =>
      eb.or(
        amounts.map(([resourceClass, amount]) =>
          eb.and([
            eb('i.resource_class', '=', resourceClass),
            eb('i.max_unit', '>=', amount),
            eb('i.capacity', '>=', sql<number>`i.used + ${amount}`),
          ]),
        ),
      ),
    )
    .execute()
  return rows.map((row) => ({ providerId: row.provider_id, rootId: row.root_id, resourceClass: row.resource_class }))
}

/** Which trees the sharing providers share with: roots by provider. */
export async function sharedRoots(db: Db): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('placement_provider_traits as t')
    .innerJoin('placement_provider_aggregates as mine', 'mine.provider_id', 't.provider_id')
    .innerJoin('placement_provider_aggregates as theirs', 'theirs.aggregate_id', 'mine.aggregate_id')
    .innerJoin('placement_providers as p', 'p.id', 'theirs.provider_id')
    .select(['t.provider_id', 'p.root_id'])
    .distinct()
    .where('t.trait', '=', sharingTrait)
    .execute()
  return new Map([...Map.groupBy(rows, (row) => row.provider_id)].map(([id, own]) => [id, new Set(own.map((row) => row.root_id))]))
}

/** All providers of these trees, and these single ones, with all that belongs to them. */
export async function loadProviders(db: Db, rootIds: readonly string[], ids: readonly string[]): Promise<TreeProvider[]> {
  const rows: ProviderRow[] = await db
    .selectFrom('placement_providers')
    .selectAll()
    .where((eb) => eb.or([eb('root_id', 'in', [...rootIds]), ...(ids.length > 0 ? [eb('id', 'in', [...ids])] : [])]))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const all = rows.map((row) => row.id)
  const [stocks, traits, aggregates] = [await inventoriesOf(db, all), await traitsOfProviders(db, all), await aggregatesOf(db, all)]
  const byProvider = Map.groupBy(stocks, (row) => row.provider_id)
  return rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    rootId: row.root_id,
    stocks: Object.fromEntries(
      (byProvider.get(row.id) ?? []).map((stock) => [
        stock.resource_class,
        { ...inventoryOf(stock), capacity: stock.capacity, used: stock.used },
      ]),
    ),
    traits: traits.get(row.id) ?? [],
    aggregates: aggregates.get(row.id) ?? [],
  }))
}

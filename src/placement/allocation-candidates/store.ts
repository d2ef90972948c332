import { aggregatesOf } from '../aggregates/store.ts'
import { inventoriesOf, inventoryOf } from '../inventories/store.ts'
import { traitsOfProviders } from '../traits/store.ts'
import { sharingTrait, type TreeProvider } from './tree.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** The providers that share what they have with the trees in their aggregates. */
export async function sharingProviders(db: Db): Promise<TreeProvider[]> {
  const rows = await db.selectFrom('placement_provider_traits').select('provider_id').where('trait', '=', sharingTrait).execute()
  return loadProviders(
    db,
    'id',
    rows.map((row) => row.provider_id),
  )
}

/** The providers of these trees, or these single ones, with all that belongs to them. */
export async function loadProviders(db: Db, by: 'root_id' | 'id', ids: readonly string[]): Promise<TreeProvider[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('placement_providers')
    .select(['id', 'parent_id', 'root_id'])
    .where(by, 'in', ids)
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

import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** Aggregates by provider; providers in none have no entry. */
export async function aggregatesOf(db: Db, providerIds: readonly string[]): Promise<Map<string, string[]>> {
  if (providerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('placement_provider_aggregates')
    .selectAll()
    .where('provider_id', 'in', providerIds)
    .orderBy('aggregate_id')
    .execute()
  const byProvider = Map.groupBy(rows, (row) => row.provider_id)
  return new Map([...byProvider].map(([id, own]) => [id, own.map((row) => row.aggregate_id)]))
}

/** Puts a provider into exactly these aggregates. */
export async function setAggregates(tx: Tx, providerId: string, aggregateIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('placement_provider_aggregates').where('provider_id', '=', providerId).execute()
  const rows = [...new Set(aggregateIds)].toSorted().map((aggregate_id) => ({ provider_id: providerId, aggregate_id }))
  if (rows.length > 0) await tx.insertInto('placement_provider_aggregates').values(rows).execute()
}

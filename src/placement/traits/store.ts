import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** Traits by provider, sorted; providers without traits have no entry. */
export async function traitsOfProviders(db: Db, providerIds: readonly string[]): Promise<Map<string, string[]>> {
  if (providerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('placement_provider_traits')
    .selectAll()
    .where('provider_id', 'in', providerIds)
    .orderBy('trait')
    .execute()
  const byProvider = Map.groupBy(rows, (row) => row.provider_id)
  return new Map([...byProvider].map(([id, own]) => [id, own.map((row) => row.trait)]))
}

export async function insertProviderTraits(tx: Tx, providerId: string, traits: readonly string[]): Promise<void> {
  if (traits.length > 0)
    await tx
      .insertInto('placement_provider_traits')
      .values(traits.map((trait) => ({ provider_id: providerId, trait })))
      .execute()
}

export async function deleteProviderTraits(tx: Tx, providerId: string, traits: readonly string[]): Promise<void> {
  if (traits.length > 0)
    await tx.deleteFrom('placement_provider_traits').where('provider_id', '=', providerId).where('trait', 'in', traits).execute()
}

/** The traits that any provider has. */
export async function associatedTraits(db: Db): Promise<string[]> {
  return (await db.selectFrom('placement_provider_traits').select('trait').distinct().execute()).map((row) => row.trait)
}

import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { countUse, insertName, isCustom } from '../custom-names.ts'
import { deleteProviderTraits, insertProviderTraits, traitsOfProviders } from './store.ts'

/** A provider's traits, sorted. */
export const traitsOf = async (db: Db, providerId: string): Promise<string[]> =>
  (await traitsOfProviders(db, [providerId])).get(providerId) ?? []

/** Whether both name the same traits. */
export const sameTraits = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...new Set(one)].toSorted()) === JSON.stringify([...new Set(other)].toSorted())

/** Gives a provider exactly these traits, and makes custom ones known on the way. The caller has counted the provider's generation up. */
export async function setTraits(ctx: Context, tx: Tx, providerId: string, traits: readonly string[]): Promise<void> {
  const before = new Set(await traitsOf(tx, providerId))
  const after = new Set(traits)
  const added = [...after].filter((trait) => !before.has(trait)).toSorted()
  const removed = [...before].filter((trait) => !after.has(trait)).toSorted()
  for (const trait of added) {
    if (await countUse(tx, 'placement_traits', trait, 1)) continue
    await insertName(ctx, tx, 'placement_traits', trait)
    await countUse(tx, 'placement_traits', trait, 1)
  }
  for (const trait of removed.filter(isCustom)) await countUse(tx, 'placement_traits', trait, -1)
  await deleteProviderTraits(tx, providerId, removed)
  await insertProviderTraits(tx, providerId, added)
}

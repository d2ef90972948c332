import { conflict, notFound } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { concurrentUpdate } from '../codes.ts'
import { normalUuid } from '../patterns.ts'
import type { ProviderRow } from '../tables.ts'
import { providerById } from './store.ts'

/** The provider that a path names; throws notFound. */
export async function findProvider(db: Db, uuid: string): Promise<ProviderRow> {
  const provider = await providerById(db, normalUuid(uuid))
  if (!provider) throw notFound(`No resource provider with uuid ${uuid.slice(0, 64)} found`)
  return provider
}

/** The same, for a client that says which generation it has seen; throws conflict when that is not the last one. */
export async function findSeenProvider(
  db: Db,
  uuid: string,
  generation: number,
  wording = "Resource provider's generation already changed. Please update the generation and try again.",
): Promise<ProviderRow> {
  const provider = await findProvider(db, uuid)
  if (provider.generation !== generation) throw conflict(wording, { type: concurrentUpdate })
  return provider
}

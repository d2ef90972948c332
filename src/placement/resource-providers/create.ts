import type { CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { duplicateName } from '../codes.ts'
import { normalUuid } from '../patterns.ts'
import type { ProviderRow } from '../tables.ts'
import type { CreateProvider } from './schema.ts'
import { insertProvider, providerById, swapShape } from './store.ts'

/** Adds a provider, perhaps below another one. */
export async function createProvider(
  ctx: CloudContext,
  tx: Tx,
  { name, uuid, parent_provider_uuid: parentUuid }: CreateProvider,
): Promise<ProviderRow> {
  const id = uuid ? normalUuid(uuid) : ctx.ids.uuid()
  const refuse = (reason: string) =>
    invalid(`Unable to create resource provider "${name}", ${id}: Object action create failed because: ${reason}`)
  const parentId = parentUuid ? normalUuid(parentUuid) : undefined
  if (parentId === id)
    throw refuse('parent provider UUID cannot be same as UUID. Please set parent provider UUID to None if there is no parent.')
  const parent = parentId ? await providerById(tx, parentId) : undefined
  if (parentId && !parent) throw refuse('parent provider UUID does not exist.')
  if (parent) await swapShape(tx, parent.root_id)
  const inserted = await insertProvider(ctx, tx, { id, name, ...(parent && { parentId: parent.id, rootId: parent.root_id }) })
  if (inserted) return (await providerById(tx, id))!
  const taken = (await providerById(tx, id)) ? `uuid: ${id}` : `name: ${name}`
  throw conflict(`Conflicting resource provider ${taken} already exists.`, { type: duplicateName })
}

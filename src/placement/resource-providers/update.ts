import type { CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { duplicateName } from '../codes.ts'
import { normalUuid } from '../patterns.ts'
import { speaks } from '../since.ts'
import type { ProviderRow } from '../tables.ts'
import { findProvider } from './find.ts'
import type { UpdateProvider } from './schema.ts'
import { moveSubtree, providerById, providersInTree, renameProvider, swapShape } from './store.ts'

/** Gives a provider another name or, since 1.37, another place among the trees. */
export async function updateProvider(
  ctx: CloudContext,
  tx: Tx,
  uuid: string,
  { name, parent_provider_uuid: parent }: UpdateProvider,
): Promise<ProviderRow> {
  const provider = await findProvider(tx, uuid)
  if (parent !== undefined) await moveProvider(ctx, tx, provider, parent === null ? null : normalUuid(parent))
  if (name !== provider.name && !(await renameProvider(ctx, tx, { id: provider.id, name }))) {
    throw conflict(`Conflicting resource provider ${name} already exists.`, { type: duplicateName })
  }
  return findProvider(tx, uuid)
}

async function moveProvider(ctx: CloudContext, tx: Tx, provider: ProviderRow, parentId: string | null): Promise<void> {
  if (parentId === provider.parent_id) return
  const refuse = (reason: string) =>
    invalid(`Unable to save resource provider ${provider.id}: Object action update failed because: ${reason}`)
  if (provider.parent_id !== null && !speaks(ctx, '1.37')) {
    throw refuse(
      parentId === null ? 'un-parenting a provider is not currently allowed.' : 're-parenting a provider is not currently allowed.',
    )
  }
  const parent = parentId === null ? undefined : await providerById(tx, parentId)
  if (parentId !== null && !parent) throw refuse('parent provider UUID does not exist.')
  // Both trees are held while the move is checked and done: moves that together would close a loop take turns.
  for (const root of [...new Set([provider.root_id, parent?.root_id ?? provider.root_id])].toSorted()) await swapShape(tx, root)
  const subtree = below(await providersInTree(tx, provider.root_id), provider.id)
  if (parentId !== null && subtree.includes(parentId)) throw refuse('creating loop in the provider tree is not allowed.')
  await moveSubtree(ctx, tx, { id: provider.id, parentId, rootId: parent?.root_id ?? provider.id, subtree })
}

/** The provider itself and all below it. */
function below(tree: readonly ProviderRow[], id: string): string[] {
  const children = tree.filter((row) => row.parent_id === id)
  return [id, ...children.flatMap((child) => below(tree, child.id))]
}

import type { Context } from '../../kernel/context.ts'
import { isDuplicate } from '../../kernel/sql/failures.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { ProviderRow } from '../tables.ts'
import { placeOf } from './place.ts'

export const providerById = (db: Db, id: string): Promise<ProviderRow | undefined> =>
  db.selectFrom('placement_providers').selectAll().where('id', '=', id).executeTakeFirst()

export const providerByName = (db: Db, name: string): Promise<ProviderRow | undefined> =>
  db.selectFrom('placement_providers').selectAll().where('name', '=', name).executeTakeFirst()

export interface NewProvider {
  readonly id: string
  readonly name: string
  readonly parentId?: string
  readonly rootId?: string
}

/** Adds a provider; false when its id or its name is taken. */
export const insertProvider = (ctx: Context, tx: Tx, { id, name, parentId, rootId }: NewProvider): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'placement_providers', {
    id,
    name,
    generation: 0,
    parent_id: parentId ?? null,
    root_id: rootId ?? id,
    shape: 0,
    place: placeOf(id),
    created_at: ctx.dialect.now(),
    updated_at: ctx.dialect.now(),
  })

/** Counts the generation up, and begins the transaction again when someone else has done so meanwhile. */
export async function bumpGeneration(ctx: Context, tx: Tx, seen: Pick<ProviderRow, 'id' | 'generation'>): Promise<void> {
  if (!(await swapGeneration(ctx, tx, seen)))
    throw Object.assign(new Error(`resource provider ${seen.id} changed meanwhile`), { code: '40001' })
}

/** Counts the generation up if it is still as seen; says whether it was. */
export async function swapGeneration(ctx: Context, tx: Tx, seen: Pick<ProviderRow, 'id' | 'generation'>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('placement_providers')
    .set({ generation: seen.generation + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', seen.id)
    .where('generation', '=', seen.generation)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Gives a provider another name; false when another provider has it, and then the transaction can not go on. */
export async function renameProvider(ctx: Context, tx: Tx, { id, name }: { id: string; name: string }): Promise<boolean> {
  try {
    await tx.updateTable('placement_providers').set({ name, updated_at: ctx.dialect.now() }).where('id', '=', id).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/**
 * Counts up the shape of a tree, and with that holds the tree until the transaction ends. Begins the transaction again when the root is gone
 * or was changed meanwhile.
 */
export async function swapShape(tx: Tx, rootId: string): Promise<void> {
  const root = await tx.selectFrom('placement_providers').select(['shape', 'root_id']).where('id', '=', rootId).executeTakeFirst()
  const { numUpdatedRows } = await tx
    .updateTable('placement_providers')
    .set({ shape: (root?.shape ?? 0) + 1 })
    .where('id', '=', rootId)
    .where('root_id', '=', rootId)
    .where('shape', '=', root?.shape ?? 0)
    .executeTakeFirst()
  if (Number(numUpdatedRows) !== 1) throw Object.assign(new Error(`the tree of ${rootId} changed meanwhile`), { code: '40001' })
}

export const providersInTree = (db: Db, rootId: string): Promise<ProviderRow[]> =>
  db.selectFrom('placement_providers').selectAll().where('root_id', '=', rootId).execute()

export async function hasChildren(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('placement_providers').select('id').where('parent_id', '=', id).limit(1).executeTakeFirst()) !== undefined
}

export interface Move {
  readonly id: string
  readonly parentId: string | null
  readonly rootId: string
  /** The provider and all below it. */
  readonly subtree: readonly string[]
}

/** Hangs a subtree elsewhere. */
export async function moveSubtree(ctx: Context, tx: Tx, { id, parentId, rootId, subtree }: Move): Promise<void> {
  await tx.updateTable('placement_providers').set({ root_id: rootId }).where('id', 'in', subtree).execute()
  await tx.updateTable('placement_providers').set({ parent_id: parentId, updated_at: ctx.dialect.now() }).where('id', '=', id).execute()
}

export async function deleteProviderRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('placement_providers').where('id', '=', id).execute()
}

/** Counts the generations of providers up, whatever they are, in the given order. */
export async function touchProviders(ctx: Context, tx: Tx, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await tx
      .updateTable('placement_providers')
      .set((eb) => ({ generation: eb('generation', '+', 1), updated_at: ctx.dialect.now() }))
      .where('id', '=', id)
      .execute()
  }
}

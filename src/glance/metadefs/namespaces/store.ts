import { isDuplicate } from '../../../kernel/sql/failures.ts'
import { paged, type Page } from '../page.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Db, Tx } from '../../../kernel/sql/tables.ts'
import type { NamespaceRow } from '../../tables.ts'

const table = 'glance_metadef_namespaces'

export const namespaceByName = (db: Db, name: string): Promise<NamespaceRow | undefined> =>
  db.selectFrom(table).selectAll().where('namespace', '=', name).executeTakeFirst()

export interface NamespaceSearch {
  /** Whose namespaces are seen beside the public ones; undefined: everybody's. */
  readonly projectId: string | undefined
  readonly visibility: 'public' | 'private' | undefined
  /** Those for any of these types of resources. */
  readonly resourceTypes: readonly string[] | undefined
  readonly page: Page
  /** The id of the namespace that the page before ended with. */
  readonly after: string | undefined
}

/** The namespaces of one page and at most one more. */
export async function searchNamespaces(db: Db, search: NamespaceSearch): Promise<NamespaceRow[]> {
  const { projectId, visibility, resourceTypes, page, after } = search
  let query = db.selectFrom(table).selectAll(table)
  if (projectId !== undefined) query = query.where((eb) => eb.or([eb('visibility', '=', 'public'), eb('owner', '=', projectId)]))
  if (visibility) query = query.where('visibility', '=', visibility)
  if (resourceTypes) {
    query = query.where((eb) => {
      const associations = eb.selectFrom('glance_metadef_associations').select('resource_type')
      return eb.exists(associations.whereRef('namespace_id', '=', `${table}.id`).where('resource_type', 'in', resourceTypes))
    })
  }
  return paged(query, table, page, after).execute()
}

/** What clients choose of a namespace. */
export type NamespaceChoices = Pick<NamespaceRow, 'namespace' | 'display_name' | 'description' | 'visibility' | 'owner' | 'protected'>

/** False: the name is taken. */
export async function insertNamespace(ctx: Context, tx: Tx, id: string, choices: NamespaceChoices): Promise<boolean> {
  const now = ctx.dialect.now()
  return ctx.dialect.insertIfAbsent(tx, table, { id, ...choices, revision: 1, created_at: now, updated_at: now })
}

/** Writes what was chosen, provided that nobody changed the namespace since `before` was read. False: the new name is taken. */
export async function saveNamespace(ctx: Context, tx: Tx, before: NamespaceRow, after: NamespaceChoices): Promise<boolean> {
  try {
    await changeRow(tx, before, { ...after, updated_at: ctx.dialect.now() })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Counts a change of what is in the namespace, so that such changes happen one after the other, and none in a namespace that is gone. */
export const touchNamespace = (tx: Tx, before: NamespaceRow): Promise<void> => changeRow(tx, before, {})

async function changeRow(tx: Tx, before: NamespaceRow, columns: object): Promise<void> {
  const changed = await tx
    .updateTable(table)
    .set({ ...columns, revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  if (changed.numUpdatedRows !== 1n) throw Object.assign(new Error('the namespace changed meanwhile'), { code: '40001' })
}

/** Deletes the namespace with all that is in it. Types of resources stay. */
export async function deleteNamespaceRow(tx: Tx, before: NamespaceRow): Promise<void> {
  await touchNamespace(tx, before)
  await tx.deleteFrom('glance_metadef_definitions').where('namespace_id', '=', before.id).execute()
  await tx.deleteFrom('glance_metadef_associations').where('namespace_id', '=', before.id).execute()
  await tx.deleteFrom(table).where('id', '=', before.id).execute()
}

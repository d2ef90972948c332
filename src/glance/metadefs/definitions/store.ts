import { isDuplicate } from '../../../kernel/sql/failures.ts'
import { json, type Db, type Tx } from '../../../kernel/sql/tables.ts'
import { paged, type Page } from '../page.ts'
import type { Context } from '../../../kernel/context.ts'
import type { DefinitionRow } from '../../tables.ts'
import type { KindName } from './kinds.ts'

const table = 'glance_metadef_definitions'

/** What clients choose of an object, a property or a tag. */
export interface Definition {
  readonly name: string
  /** What it says beside its name. */
  readonly content: Readonly<Record<string, unknown>>
}

/** Which definitions are meant. */
export interface Place {
  readonly namespaceId: string
  readonly kind: KindName
}

const rowsAt = (db: Db, { namespaceId, kind }: Place) =>
  db.selectFrom(table).selectAll().where('namespace_id', '=', namespaceId).where('kind', '=', kind)

/** All that is in a namespace, by name. */
export const definitionsIn = (db: Db, namespaceId: string): Promise<DefinitionRow[]> =>
  db.selectFrom(table).selectAll().where('namespace_id', '=', namespaceId).orderBy('name').execute()

export const definitionsAt = (db: Db, place: Place): Promise<DefinitionRow[]> => rowsAt(db, place).orderBy('name').execute()

/** The definitions of one page and at most one more; `after` is the id of the one that the page before ended with. */
export const definitionPage = (db: Db, place: Place, page: Page, after: string | undefined): Promise<DefinitionRow[]> =>
  paged(rowsAt(db, place), table, page, after).execute()

export const definitionNamed = (db: Db, place: Place, name: string): Promise<DefinitionRow | undefined> =>
  rowsAt(db, place).where('name', '=', name).executeTakeFirst()

export async function countAt(db: Db, { namespaceId, kind }: Place): Promise<number> {
  const query = db.selectFrom(table).select((eb) => eb.fn.countAll().as('count'))
  return Number((await query.where('namespace_id', '=', namespaceId).where('kind', '=', kind).executeTakeFirstOrThrow()).count)
}

/** False: the name is taken. */
export async function insertDefinition(
  ctx: Context,
  tx: Tx,
  { namespaceId, kind }: Place,
  { name, content }: Definition,
): Promise<boolean> {
  const now = ctx.dialect.now()
  const row = { id: ctx.ids.uuid(), namespace_id: namespaceId, kind, name, content_json: json(content), created_at: now, updated_at: now }
  return ctx.dialect.insertIfAbsent(tx, table, row)
}

/** False: the new name is taken. */
export async function replaceDefinition(ctx: Context, tx: Tx, id: string, { name, content }: Definition): Promise<boolean> {
  try {
    await tx
      .updateTable(table)
      .set({ name, content_json: json(content), updated_at: ctx.dialect.now() })
      .where('id', '=', id)
      .execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function deleteDefinition(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom(table).where('id', '=', id).execute()
}

export async function deleteDefinitionsAt(tx: Tx, { namespaceId, kind }: Place): Promise<void> {
  await tx.deleteFrom(table).where('namespace_id', '=', namespaceId).where('kind', '=', kind).execute()
}

import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { StoredFile } from '../image-store/image-store.ts'
import type { ImageRow } from '../tables.ts'
import type { ImageStatus } from './states.ts'

/** A row with what belongs to it. */
export interface Image extends ImageRow {
  readonly properties: Readonly<Record<string, string>>
  /** In order. */
  readonly tags: readonly string[]
}

export async function imageById(db: Db, id: string): Promise<Image | undefined> {
  const row = await db.selectFrom('glance_images').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
  return row && (await withDetails(db, [row]))[0]
}

/** Whether there is or was an image with this id. */
export async function wasEver(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('glance_images').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

export async function wasDeleted(db: Db, id: string): Promise<boolean> {
  const query = db.selectFrom('glance_images').select('id').where('id', '=', id).where('deleted_at', 'is not', null)
  return (await query.executeTakeFirst()) !== undefined
}

/** Adds properties and tags to rows, in two queries for any number of rows. */
export async function withDetails(db: Db, rows: readonly ImageRow[]): Promise<Image[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const properties = await db.selectFrom('glance_properties').selectAll().where('image_id', 'in', ids).orderBy('name').execute()
  const tags = await db.selectFrom('glance_tags').selectAll().where('image_id', 'in', ids).orderBy('tag').execute()
  const propertiesOf = Map.groupBy(properties, (property) => property.image_id)
  const tagsOf = Map.groupBy(tags, (tag) => tag.image_id)
  return rows.map((row) => ({
    ...row,
    properties: Object.fromEntries((propertiesOf.get(row.id) ?? []).map(({ name, value }) => [name, value])),
    tags: (tagsOf.get(row.id) ?? []).map(({ tag }) => tag),
  }))
}

/** What a client may choose of an image. */
export type ImageChoices = Pick<
  Image,
  | 'name'
  | 'owner'
  | 'visibility'
  | 'disk_format'
  | 'container_format'
  | 'min_disk_gb'
  | 'min_ram_mb'
  | 'protected'
  | 'os_hidden'
  | 'properties'
  | 'tags'
>

const chosenColumns = [
  'name',
  'owner',
  'visibility',
  'disk_format',
  'container_format',
  'min_disk_gb',
  'min_ram_mb',
  'protected',
  'os_hidden',
] as const

const columnsOf = (choices: ImageChoices) => Object.fromEntries(chosenColumns.map((column) => [column, choices[column]]))

/** Adds a queued image; false when its id was ever taken. */
export async function insertImage(ctx: Context, tx: Tx, id: string, choices: ImageChoices): Promise<boolean> {
  const now = ctx.dialect.now()
  const row = { id, ...columnsOf(choices), status: 'queued', revision: 1, created_at: now, updated_at: now }
  if (!(await ctx.dialect.insertIfAbsent(tx, 'glance_images', row))) return false
  await insertProperties(ctx, tx, id, choices.properties)
  await insertTags(ctx, tx, id, choices.tags)
  return true
}

/** Writes what differs, provided that nobody changed the image since `before` was read; else the transaction runs again. */
export async function saveImage(ctx: Context, tx: Tx, before: Image, after: ImageChoices): Promise<void> {
  await changeImage(ctx, tx, before, columnsOf(after))
  if (after.properties !== before.properties) {
    await tx.deleteFrom('glance_properties').where('image_id', '=', before.id).execute()
    await insertProperties(ctx, tx, before.id, after.properties)
  }
  if (after.tags !== before.tags) {
    await tx.deleteFrom('glance_tags').where('image_id', '=', before.id).execute()
    await insertTags(ctx, tx, before.id, after.tags)
  }
}

export const setStatus = async (ctx: Context, tx: Tx, before: Image, status: ImageStatus): Promise<void> =>
  changeImage(ctx, tx, before, { status })

/** Counts a change of what hangs on the image, so that changes of it happen one after the other. */
export const touchImage = async (ctx: Context, tx: Tx, before: Image): Promise<void> => changeImage(ctx, tx, before, {})

/** The image is gone for everyone; its file is the caller's to remove. */
export async function markDeleted(ctx: Context, tx: Tx, before: Image): Promise<void> {
  await changeImage(ctx, tx, before, { status: 'deleted', file_name: null, deleted_at: ctx.dialect.now() })
  await tx.deleteFrom('glance_properties').where('image_id', '=', before.id).execute()
  await tx.deleteFrom('glance_tags').where('image_id', '=', before.id).execute()
  await tx.deleteFrom('glance_members').where('image_id', '=', before.id).execute()
}

/** Changes columns of an image that is still as it was seen, and counts its revision up; else the transaction runs again. */
export async function changeImage(ctx: Context, tx: Tx, before: Image, columns: object): Promise<void> {
  const changed = await tx
    .updateTable('glance_images')
    .set({ ...columns, revision: before.revision + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', before.id)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  if (changed.numUpdatedRows !== 1n) throw Object.assign(new Error('the image changed meanwhile'), { code: '40001' })
}

/** Gives the image its bytes if it still waits for them; of all that try, one succeeds. */
export async function attachFile(
  ctx: Context,
  tx: Tx,
  { id, file, from, to }: { id: string; file: StoredFile; from: ImageStatus; to: ImageStatus },
): Promise<boolean> {
  const changed = await tx
    .updateTable('glance_images')
    .set((eb) => ({
      status: to,
      file_name: file.name,
      size_bytes: file.sizeBytes,
      // A raw disk is as large as its file.
      virtual_size_bytes: eb
        .case()
        .when('disk_format', 'in', ['raw', 'iso', 'gpt'])
        .then(file.sizeBytes)
        .else(file.disk.virtualSizeBytes ?? null)
        .end(),
      checksum: file.md5,
      hash: file.sha512,
      revision: eb('revision', '+', 1),
      updated_at: ctx.dialect.now(),
    }))
    .where('id', '=', id)
    .where('status', '=', from)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return changed.numUpdatedRows === 1n
}

/** Which of these files some image names. */
export async function namedFiles(db: Db, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const rows = await db.selectFrom('glance_images').select('file_name').where('file_name', 'in', names).execute()
  return new Set(rows.map((row) => row.file_name!))
}

/** Sets some properties, whatever they were; to be done with a change of the image in the same transaction. */
export async function setProperties(ctx: Context, tx: Tx, imageId: string, properties: Image['properties']): Promise<void> {
  const names = Object.keys(properties)
  await tx.deleteFrom('glance_properties').where('image_id', '=', imageId).where('name', 'in', names).execute()
  await insertProperties(ctx, tx, imageId, properties)
}

async function insertProperties(ctx: Context, tx: Tx, imageId: string, properties: Image['properties']): Promise<void> {
  for (const [name, value] of Object.entries(properties))
    await ctx.dialect.insertIfAbsent(tx, 'glance_properties', { image_id: imageId, name, value })
}

async function insertTags(ctx: Context, tx: Tx, imageId: string, tags: readonly string[]): Promise<void> {
  for (const tag of tags) await ctx.dialect.insertIfAbsent(tx, 'glance_tags', { image_id: imageId, tag })
}

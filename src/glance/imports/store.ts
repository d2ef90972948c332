import { attachFile, changeImage, imageById, setProperties, touchImage, type Image } from '../images/store.ts'
import { charge } from '../quotas/charge.ts'
import { storeId } from './imports.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Fetched } from './steps/fetch-bytes.ts'

// An image tells of its imports by two properties that only the service itself writes: names of stores, with commas between.
const telling = 'os_glance_importing_to_stores'
const failing = 'os_glance_failed_import'

/** The image's bytes are on their way. */
export async function markImporting(ctx: Context, tx: Tx, before: Image): Promise<void> {
  await changeImage(ctx, tx, before, { status: 'importing' })
  await setProperties(ctx, tx, before.id, { [telling]: storeId, [failing]: '' })
}

/** The image has its bytes: those of the file, or those that were staged. False when it does not wait for them any more. */
export async function markImported(ctx: Context, tx: Tx, id: string, { file }: Fetched): Promise<boolean> {
  const image = await imageById(tx, id)
  if (image?.status !== 'importing') return false
  if (file && !(await attachFile(ctx, tx, { id, file, from: 'importing', to: 'active' }))) return false
  if (!file) await changeImage(ctx, tx, image, { status: 'active' })
  await setProperties(ctx, tx, id, { [telling]: '', [failing]: '' })
  await charge(ctx, tx, image.owner, { image_size_total: 0 }, { bytes: file?.sizeBytes ?? image.size_bytes ?? 0 })
  return true
}

/** No store was left to copy the image to: none is being copied to, and none failed. */
export async function markCopied(ctx: Context, tx: Tx, before: Image): Promise<void> {
  await touchImage(ctx, tx, before)
  await setProperties(ctx, tx, before.id, { [telling]: '', [failing]: '' })
}

const noBytes = { file_name: null, size_bytes: null, virtual_size_bytes: null, checksum: null, hash: null }

/** The image waits for bytes again; a file that it had is the caller's to remove. */
export async function markImportFailed(ctx: Context, tx: Tx, before: Image): Promise<void> {
  await changeImage(ctx, tx, before, { status: 'queued', ...noBytes })
  await setProperties(ctx, tx, before.id, { [telling]: '', [failing]: storeId })
}

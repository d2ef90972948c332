import { forbidden, unavailable } from '../../kernel/errors.ts'
import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { hasData } from '../images/states.ts'
import { imageFor, visibleImage } from '../images/visible.ts'
import { readRange, type ByteRange } from './range.ts'
import type { Readable } from 'node:stream'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ImageStore } from '../image-store/image-store.ts'

/** Bytes on their way. */
export interface Download {
  readonly stream: Readable
  readonly sizeBytes: number
  readonly md5: string
  /** The part of the file that was asked for. */
  readonly range: ByteRange | undefined
}

/** Opens an image's bytes; undefined while there are none. */
export async function downloadImage(
  ctx: CloudContext,
  db: Db,
  { id, store }: { id: string; store: ImageStore },
): Promise<Download | undefined> {
  const image = await imageFor(ctx, db, 'download_image', id)
  if (image.status === 'deactivated' && !isAdmin(ctx.subject)) {
    throw forbidden('The requested image has been deactivated. Image data download is forbidden.')
  }
  if (!hasData(image.status)) return undefined
  const sizeBytes = image.size_bytes!
  const range = readRange(ctx.request.headers.range, sizeBytes)
  const stream = await openFile(ctx, db, { id, store, name: image.file_name!, range })
  return { stream, sizeBytes, md5: image.checksum!, range }
}

async function openFile(
  ctx: CloudContext,
  db: Db,
  { id, store, name, range }: { id: string; store: ImageStore; name: string; range: ByteRange | undefined },
): Promise<Readable> {
  const file = await store
    .read(name, range)
    .catch((error: Error) => ctx.log.error({ file: name, reason: error.message }, 'the image store can not be read'))
  if (file) return file
  // Either the image was deleted just now, or the place of the bytes is not there.
  await visibleImage(ctx, db, id)
  throw unavailable('The image store can not be read at the moment.', { retryAfterSeconds: 5 })
}

import { forWork } from '../../kernel/context.ts'
import { conflict, gone, invalid, tooLarge, type Fault } from '../../kernel/errors.ts'
import { keyOf } from '../../kernel/http/request-key.ts'
import { keepAnswer, keyIsTaken, takeKey, type RequestKey, type StoredAnswer } from '../../kernel/idempotency/keys.ts'
import { persistently, transaction } from '../../kernel/sql/transaction.ts'
import { assertFormat } from '../formats/assert-format.ts'
import { attachFile, imageById, namedFiles, type Image } from '../images/store.ts'
import { imageFor } from '../images/visible.ts'
import { assertRoom, charge } from '../quotas/charge.ts'
import { discard, receive } from './receive.ts'
import type { IncomingMessage } from 'node:http'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Amounts } from '../quotas/resources.ts'
import type { ImageStatus } from '../images/states.ts'
import type { ImageStore, StoredFile } from '../image-store/image-store.ts'

export interface Upload {
  readonly id: string
  readonly incoming: IncomingMessage
  readonly store: ImageStore
  readonly maxBytes: number
  /** What the image becomes: `active` at once, or `uploading` until it is imported. */
  readonly to: 'active' | 'uploading'
  /** What a repeat of this request shall be answered. */
  readonly answer: StoredAnswer
}

/**
 * Streams bytes to a file of their own, then gives that file to the image in one transaction if the image still waits.
 * Nothing is claimed before: an instance that dies in between leaves a file that upkeep removes, and an image that waits.
 * Refuses with `conflict` when another upload was first, `gone` when the image was deleted meanwhile, `tooLarge` past
 * `maxBytes`, `overLimit` past a quota. The same request again, after a lost answer, succeeds as the first did.
 */
export async function uploadImage(ctx: CloudContext, upload: Upload): Promise<void> {
  try {
    const image = await persistently(ctx, 'image.upload.check', () => assertWanted(ctx, upload))
    const file = await receive(ctx, upload)
    // What is staged is looked at when it is imported.
    if (upload.to === 'active') await assertContent(upload, image, file)
    await give(forWork(ctx, ctx.requestId), upload, image, file)
  } catch (error) {
    await discard(upload.incoming)
    throw error
  }
}

/** Refuses early what would be refused after all bytes; but a repeat may find what its first attempt did. */
async function assertWanted(ctx: CloudContext, { id, to, maxBytes, incoming }: Upload): Promise<Image> {
  const image = await imageFor(ctx, ctx.db, 'upload_image', id)
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes)
    throw tooLarge(`The incoming image is too large: more than ${maxBytes} bytes.`)
  if (to === 'active') assertFormats(image)
  if (image.status !== 'queued' && !(await keyIsTaken(ctx.db, keyOf(ctx, Buffer.alloc(0))))) throw transitionFault(image.status, to)
  if (image.status === 'queued') await assertRoom(ctx.db, image.owner, demandOf(to))
  return image
}

// How large it will be nobody has to say. So one may pass the limit, and no other comes after it.
const demandOf = (to: Upload['to']): Amounts => ({
  image_count_uploading: 1,
  ...(to === 'active' ? { image_size_total: 0 } : { image_stage_total: 0 }),
})

async function assertContent({ store }: Upload, image: Image, file: StoredFile): Promise<void> {
  try {
    assertFormat(image, file.disk)
  } catch (error) {
    await store.remove(file.name)
    throw error
  }
}

function assertFormats(image: Image): void {
  const missing = (['disk_format', 'container_format'] as const).filter((name) => image[name] === null)
  if (missing.length > 0)
    throw invalid(`${missing.length > 1 ? 'Properties' : 'Property'} ${missing.join(', ')} must be set prior to saving data.`)
}

async function give(ctx: CloudContext, upload: Upload, image: Image, file: StoredFile): Promise<void> {
  // The bytes belong to what the request was: a key that stood for others is refused.
  const key = keyOf(ctx, Buffer.from(file.sha512))
  try {
    await transaction(ctx, 'image.upload', (tx) => attach(ctx, tx, { ...upload, owner: image.owner, file, key }))
  } finally {
    await forgetUnlessNamed(ctx, upload.store, file)
  }
}

async function attach(
  ctx: CloudContext,
  tx: Tx,
  { id, to, answer, owner, file, key }: Upload & { owner: string | null; file: StoredFile; key: RequestKey },
): Promise<void> {
  if (await takeKey(ctx, tx, key)) return
  if (!(await attachFile(ctx, tx, { id, file, from: 'queued', to }))) {
    const image = await imageById(tx, id)
    if (!image) throw gone(`Image ${id} could not be found after upload. The image may have been deleted during the upload.`)
    throw transitionFault(image.status, to)
  }
  const own = to === 'active' ? { bytes: file.sizeBytes } : { pending: 1, stagedBytes: file.sizeBytes }
  await charge(ctx, tx, owner, demandOf(to), own)
  await keepAnswer(ctx, tx, key, answer)
}

// The wording is glance/common/exception.py's; there an upload passes through 'saving'.
const transitionFault = (status: ImageStatus, to: Upload['to']): Fault =>
  conflict(`Image status transition from ${status} to ${to === 'active' ? 'saving' : to} is not allowed`)

/** Removes a file that lost. While the database can't tell, it is left to upkeep: it may be the one that won. */
async function forgetUnlessNamed(ctx: CloudContext, store: ImageStore, file: StoredFile): Promise<void> {
  try {
    const named = await namedFiles(ctx.db, [file.name])
    if (!named.has(file.name)) await store.remove(file.name)
  } catch (error) {
    ctx.log.warn({ file: file.name, reason: (error as Error).message }, 'an upload leaves its file to upkeep')
  }
}

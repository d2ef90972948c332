import { afterCommit } from '../../kernel/sql/transaction.ts'
import { forbidden } from '../../kernel/errors.ts'
import { turnSagaBack } from '../../kernel/sagas/start.ts'
import { forget } from '../image-store/forget.ts'
import { markDeleted } from './store.ts'
import { imageFor } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ImageStore } from '../image-store/image-store.ts'

/** Deletes an image. Its file goes after the commit; should the process die in between, upkeep removes it. */
export async function deleteImage(ctx: CloudContext, tx: Tx, { id, store }: { id: string; store: ImageStore }): Promise<void> {
  const image = await imageFor(ctx, tx, 'delete_image', id, `Failed to find image ${id} to delete`)
  if (image.protected) throw forbidden(`Image ${id} is protected and cannot be deleted.`)
  await markDeleted(ctx, tx, image)
  if (image.status === 'importing')
    await turnSagaBack(ctx, tx, id, { kind: 'gone', message: `Image ${id} has been deleted, aborting import.` })
  const { file_name: file } = image
  if (file === null) return
  afterCommit(tx, () => forget(ctx, store, file))
}

import { afterCommit } from '../../kernel/sql/transaction.ts'
import { forget } from '../image-store/forget.ts'
import { imageById, markDeleted } from '../images/store.ts'
import { markFailed } from '../tasks/store.ts'
import { markImportFailed } from './store.ts'
import type { SagaDefinition } from '../../kernel/sagas/saga.ts'
import type { ImageStore } from '../image-store/image-store.ts'
import type { ImportWork } from './imports.ts'

/** The end of an import that failed: its image waits for bytes again, nothing is staged, and the task says why. */
export const failImport =
  (store: ImageStore): NonNullable<SagaDefinition<ImportWork>['failed']> =>
  async (ctx, tx, { subject, input }, fault) => {
    await markFailed(ctx, tx, input.taskId, fault.message)
    const image = await imageById(tx, subject)
    if (image?.status !== 'importing') return
    if (input.ofTask) await markDeleted(ctx, tx, image)
    else await markImportFailed(ctx, tx, image)
    const { file_name: file } = image
    if (file !== null) afterCommit(tx, () => forget(ctx, store, file))
  }

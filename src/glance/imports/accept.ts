import { projectOf, type CloudContext } from '../../cloud/context.ts'
import { startSaga } from '../../kernel/sagas/start.ts'
import { insertTask } from '../tasks/store.ts'
import { charge } from '../quotas/charge.ts'
import { markImporting } from './store.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Image } from '../images/store.ts'
import type { TaskRow, TaskType } from '../tables.ts'
import type { Imports, ImportWork } from './imports.ts'

interface Acceptance {
  readonly image: Image
  readonly type: TaskType
  /** What the task shows of its request. */
  readonly input: Record<string, unknown>
  readonly work: Omit<ImportWork, 'taskId'>
  readonly imports: Imports
}

/** Writes down what is to be done: a task for those who ask, and a saga for those who do it. */
export async function acceptImport(ctx: CloudContext, tx: Tx, { image, type, input, work, imports }: Acceptance): Promise<TaskRow> {
  const task = await insertTask(ctx, tx, { type, owner: projectOf(ctx) || null, userId: ctx.subject.userId, imageId: image.id, input })
  await markImporting(ctx, tx, image)
  // What was staged has been counted as such.
  const [more, own] = work.uri === undefined ? [{}, {}] : [{ image_count_uploading: 1, image_stage_total: 0 }, { pending: 1 }]
  await charge(ctx, tx, image.owner, { image_size_total: 0, ...more }, own)
  await startSaga(ctx, tx, imports.saga, { subject: image.id, input: { ...work, taskId: task.id } })
  return task
}

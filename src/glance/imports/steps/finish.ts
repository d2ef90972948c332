import { gone } from '../../../kernel/errors.ts'
import { markSucceeded } from '../../tasks/store.ts'
import { importRole, type ImportWork } from '../imports.ts'
import { markImported } from '../store.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'
import type { Fetched } from './fetch-bytes.ts'

/** Makes the image active with all that it has, and ends the task. */
export const finish: SqlStep<ImportWork> = {
  name: 'finish',
  role: importRole,
  async run(ctx, tx, { subject, input, results }) {
    const imported = await markImported(ctx, tx, subject, results['fetch bytes'] as Fetched)
    if (!imported) throw gone(`Image ${subject} has been deleted, aborting import.`)
    await markSucceeded(ctx, tx, input.taskId, { image_id: subject })
  },
}

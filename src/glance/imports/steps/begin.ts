import { markProcessing } from '../../tasks/store.ts'
import { importRole, type ImportWork } from '../imports.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'

/** Lets those who watch the task see that somebody works on it. */
export const begin: SqlStep<ImportWork> = {
  name: 'begin',
  role: importRole,
  run: async (ctx, tx, { input }) => markProcessing(ctx, tx, input.taskId),
}

import { finishAction } from '../../instance-actions/store.ts'
import { changeServer } from '../store.ts'
import { maxBuildAttempts } from './build-guest.ts'
import { serverAtWork } from './server-at-work.ts'
import type { SagaDefinition } from '../../../kernel/sagas/saga.ts'
import type { SagaFault } from '../../../kernel/sagas/tables.ts'
import type { ServerRow } from '../tables.ts'

/** Puts a server into ERROR and says why; the way out of it is to delete it. */
export const markFailed =
  (event: string): NonNullable<SagaDefinition<{ readonly actionId: string }>['failed']> =>
  async (ctx, tx, { subject, input }, fault) => {
    const server = await serverAtWork(tx, subject)
    const message = messageOf(server, fault)
    await changeServer(ctx, tx, subject, {
      vm_state: 'error',
      task_state: null,
      fault: { code: 500, message, created: ctx.clock.now().toISOString() },
    })
    await finishAction(ctx, tx, input.actionId, { event, host: server.host, result: 'Error', details: message })
  }

const messageOf = ({ id, refusals_json: refusals }: ServerRow, fault: SagaFault): string =>
  refusals.length < maxBuildAttempts
    ? fault.message
    : `No valid host was found. Exceeded max scheduling attempts ${maxBuildAttempts} for instance ${id}. Last exception: ${fault.message}`

import { ordersMailbox } from '../../../topology/mailboxes.ts'
import { conflict } from '../../../kernel/errors.ts'
import { finishAction } from '../../instance-actions/store.ts'
import { changeServer, type ServerChange } from '../store.ts'
import { assertHostIsUp, keepReportedConsole } from './guest-orders.ts'
import { serverAtWork } from './server-at-work.ts'
import type { HostOrder, OrderStep, SagaDefinition } from '../../../kernel/sagas/saga.ts'

/** Work on a guest that is there already. */
export interface PowerWork {
  readonly actionId: string
  /** What the host is to know of the order. */
  readonly details?: Readonly<Record<string, unknown>>
}

interface PowerStep {
  /** What the host is told to do. */
  readonly order: string
  /** What takes it back. */
  readonly opposite?: string
  readonly becomes: ServerChange
  readonly event: string
}

/** Has the host do something with the guest, and marks the server when it is done. */
export const powerGuest = ({ order, opposite, becomes, event }: PowerStep): OrderStep<PowerWork> => ({
  name: `${order} guest`,
  role: 'nova-conductor',
  order: {
    async prepare(_ctx, tx, { subject, input }) {
      const { host } = await serverAtWork(tx, subject)
      return { mailbox: ordersMailbox(host!), name: order, body: input.details ?? {} }
    },
    async report(ctx, tx, work, result) {
      await keepReportedConsole(ctx, tx, work, result)
      const { host } = await serverAtWork(tx, work.subject)
      await changeServer(ctx, tx, work.subject, { ...becomes, task_state: null })
      await finishAction(ctx, tx, work.input.actionId, { event, host, result: 'Success', details: null })
    },
    overdue: assertHostIsUp,
  },
  ...(opposite && { undoOrder: opposing(opposite) }),
})

// A host that was given up may still find the order when it returns: the opposite one then waits behind it. Nobody waits for that.
// A host that refused has nothing to take back.
const opposing = (name: string): HostOrder<PowerWork> => ({
  async prepare(_ctx, tx, { subject, fault }) {
    const { host, task_state: task } = await serverAtWork(tx, subject)
    const isGivenUp = fault?.kind === 'gone' || fault?.kind === 'timeout'
    return host && isGivenUp && task !== 'deleting' ? { mailbox: ordersMailbox(host), name, body: {} } : undefined
  },
  async overdue() {
    throw conflict('The host does not answer.')
  },
})

/** Leaves the server as it was before, and says in its action that it came to nothing. */
export const markUnchanged =
  (event: string): NonNullable<SagaDefinition<PowerWork>['failed']> =>
  async (ctx, tx, { subject, input }, fault) => {
    const { host } = await serverAtWork(tx, subject)
    await changeServer(ctx, tx, subject, { task_state: null }, { unlessDeleting: true })
    await finishAction(ctx, tx, input.actionId, { event, host, result: 'Error', details: fault.message })
  }

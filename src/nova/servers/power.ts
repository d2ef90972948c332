import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { startSaga } from '../../kernel/sagas/start.ts'
import type { SagaDefinition } from '../../kernel/sagas/saga.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { recordAction } from '../instance-actions/store.ts'
import { serverFor } from './find.ts'
import { reboot, start, stop } from './power.saga.ts'
import { assertAllowed, transitions } from './states.ts'
import { changeSeenServer } from './store.ts'
import type { PowerWork } from './steps/power-guest.ts'

interface Change {
  readonly definition: SagaDefinition<PowerWork>
  readonly transition: (typeof transitions)['start' | 'stop' | 'rebootSoft' | 'rebootHard']
  readonly action: string
  readonly details?: PowerWork['details']
}

async function change(ctx: CloudContext, tx: Tx, id: string, { definition, transition, action, details }: Change): Promise<void> {
  const server = await serverFor(ctx, tx, id)
  assertAllowed(server, transition, action, { isAdmin: isAdmin(ctx.subject) })
  await changeSeenServer(ctx, tx, server, { task_state: transition.task })
  const actionId = await recordAction(ctx, tx, server, action)
  await startSaga(ctx, tx, definition, { subject: id, input: { actionId, ...(details && { details }) } })
}

/** Accepts to start a stopped server. Throws `conflict` when its state does not allow it. */
export const startServer = (ctx: CloudContext, tx: Tx, id: string): Promise<void> =>
  change(ctx, tx, id, { definition: start, transition: transitions.start, action: 'start' })

/** Accepts to stop a running server. Throws `conflict` when its state does not allow it. */
export const stopServer = (ctx: CloudContext, tx: Tx, id: string): Promise<void> =>
  change(ctx, tx, id, { definition: stop, transition: transitions.stop, action: 'stop' })

/** Accepts to reboot a server; `hard` pulls the plug. Throws `conflict` when its state does not allow it. */
export const rebootServer = (ctx: CloudContext, tx: Tx, id: string, { hard }: { hard: boolean }): Promise<void> =>
  change(ctx, tx, id, {
    definition: reboot,
    transition: hard ? transitions.rebootHard : transitions.rebootSoft,
    action: 'reboot',
    details: { hard },
  })

import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { supersedeSaga } from '../../kernel/sagas/start.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { recordAction } from '../instance-actions/store.ts'
import { remove } from './delete.saga.ts'
import { serverFor } from './find.ts'
import { assertUnlocked } from './states.ts'
import { changeSeenServer } from './store.ts'

/** Accepts the deletion of a server, whatever it is busy with. Asked twice it is accepted twice, and done once. */
export async function deleteServer(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const server = await serverFor(ctx, tx, id)
  assertUnlocked(server, isAdmin(ctx.subject))
  if (server.task_state === 'deleting') return
  await changeSeenServer(ctx, tx, server, { task_state: 'deleting' })
  const actionId = await recordAction(ctx, tx, server, 'delete')
  await supersedeSaga(ctx, tx, remove, { subject: id, input: { actionId } })
}

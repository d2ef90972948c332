import { enforce, ownTarget } from '../../cloud/policy.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { recordAction } from '../instance-actions/store.ts'
import { refusal } from '../policy-words.ts'
import { serverFor } from './find.ts'
import { changeSeenServer } from './store.ts'

/** Locks a server to everybody but administrators. The lock of someone of another project holds against its own. */
export async function lockServer(ctx: CloudContext, tx: Tx, id: string, reason: string | null): Promise<void> {
  const server = await serverFor(ctx, tx, id)
  const isOwn = ctx.subject.projectId === server.project_id
  if (server.locked_by && isOwn) return
  await changeSeenServer(ctx, tx, server, { locked_by: isOwn ? 'owner' : 'admin', locked_reason: reason })
  await recordAction(ctx, tx, server, 'lock')
}

/** Takes the lock off. Throws `forbidden` for those who may not take off another's. */
export async function unlockServer(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const server = await serverFor(ctx, tx, id)
  if (server.locked_by === 'admin') enforce(ctx, 'os_compute_api:os-lock-server:unlock:unlock_override', ownTarget(ctx.subject), refusal)
  if (server.locked_by) await changeSeenServer(ctx, tx, server, { locked_by: null, locked_reason: null })
  await recordAction(ctx, tx, server, 'unlock')
}

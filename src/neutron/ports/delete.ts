import type { Tx } from '../../kernel/sql/tables.ts'
import { releaseFloatingIps } from '../floating-ips/of-ports.ts'
import { deleteAllocationsOfPort } from '../ipam/store.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { bindGroups } from '../security-groups/bindings.ts'
import { deleteTagsOf } from '../tags/store.ts'
import { deletePortRow, portById } from './store.ts'
import type { Context } from '../../kernel/context.ts'

/** Deletes a port with all that hangs on it, and gives its quota back; its floating IPs stay, leading nowhere. False when it was gone already. */
export async function deletePort(ctx: Context, tx: Tx, portId: string): Promise<boolean> {
  const port = await portById(tx, portId)
  if (!port) return false
  await releaseFloatingIps(ctx, tx, { portIds: [portId] })
  await bindGroups(ctx, tx, { portId, groupIds: [] })
  await deleteAllocationsOfPort(tx, portId)
  // Of two that delete it at once only one finds the row, and only that one gives the quota back.
  if (!(await deletePortRow(tx, portId))) return false
  await deleteTagsOf(tx, [portId])
  await releaseQuota(ctx, tx, { projectId: port.project_id, resource: 'port' })
  return true
}

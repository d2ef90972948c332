import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { deletePort } from '../ports/delete.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { deleteTagsOf } from '../tags/store.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import { deleteFloatingIpRow, idleFloatingIps } from './store.ts'

/** Gives the address back to its network; false when somebody else was faster. */
export async function deleteFloatingIp(ctx: Context, tx: Tx, fip: FloatingIpRow): Promise<boolean> {
  if (!(await deleteFloatingIpRow(tx, fip.id))) return false
  await deletePort(ctx, tx, fip.floating_port_id)
  await deleteTagsOf(tx, [fip.id])
  await releaseQuota(ctx, tx, { projectId: fip.project_id, resource: 'floatingip' })
  return true
}

/** Deletes the floating IPs of a network that lead nowhere: they don't keep it from being deleted. */
export async function deleteIdleFloatingIps(ctx: Context, tx: Tx, { networkId }: { networkId: string }): Promise<void> {
  for (const fip of await idleFloatingIps(tx, networkId)) await deleteFloatingIp(ctx, tx, fip)
}

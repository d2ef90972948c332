import { conflict } from '../../kernel/errors.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { isAutoAddress } from '../ipam/plan.ts'
import { deleteOwnAddresses, subnetIsUsed } from '../ipam/store.ts'
import { changeNetwork, networkById } from '../networks/store.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { assertRevision, settled } from '../revision.ts'
import { deleteTagsOf } from '../tags/store.ts'
import { deleteSubnetRow } from './store.ts'
import { visibleSubnet } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/**
 * Deletes a subnet. Refuses with SubnetInUse while ports have addresses of it; those that guests made themselves go
 * with it. An address that is given meanwhile refers to the subnet's row, so one of the two gives way and looks again.
 */
export async function deleteSubnet(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const subnet = await visibleSubnet(ctx, tx, id)
  enforceAttributes(ctx, { action: 'delete_subnet', target: { project_id: subnet.project_id }, given: {}, rules: {} })
  assertRevision(ctx, subnet)
  if (isAutoAddress(subnet)) await deleteOwnAddresses(tx, id)
  if (await subnetIsUsed(tx, id)) {
    throw conflict(`Unable to complete operation on subnet ${id}: One or more ports have an IP allocation from this subnet.`, {
      type: 'SubnetInUse',
    })
  }
  await settled(deleteSubnetRow(tx, id), `subnet ${id}`)
  const network = await networkById(tx, subnet.network_id)
  if (network) await settled(changeNetwork(ctx, tx, network), `network ${network.id}`)
  await deleteTagsOf(tx, [id])
  await releaseQuota(ctx, tx, { projectId: subnet.project_id, resource: 'subnet' })
}

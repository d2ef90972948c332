import { conflict } from '../../kernel/errors.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { deleteIdleFloatingIps } from '../floating-ips/delete.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { assertRevision, settled } from '../revision.ts'
import { deleteSubnetRow, subnetsOfNetwork } from '../subnets/store.ts'
import { deleteTagsOf } from '../tags/store.ts'
import { deleteNetworkRow, portIdsOn } from './store.ts'
import { visibleNetwork } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** Port ids that a refusal lists at most. */
const listed = 100

/**
 * Deletes a network with its subnets, and the floating IPs of it that lead nowhere. Refuses with NetworkInUse while
 * ports are on it; a port that comes meanwhile refers to the network's row, so one of the two transactions gives way
 * and looks again.
 */
export async function deleteNetwork(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const network = await visibleNetwork(ctx, tx, id)
  enforceAttributes(ctx, { action: 'delete_network', target: { project_id: network.project_id }, given: {}, rules: {} })
  assertRevision(ctx, network)
  await deleteIdleFloatingIps(ctx, tx, { networkId: id })
  const portIds = await portIdsOn(tx, id, listed)
  if (portIds.length > 0) {
    const still = `There are one or more ports still in use on the network, id for these ports is: ${portIds.join(',')}.`
    throw conflict(`Unable to complete operation on network ${id}. ${still}`, { type: 'NetworkInUse' })
  }
  const subnets = await subnetsOfNetwork(tx, id)
  for (const subnet of subnets) {
    await settled(deleteSubnetRow(tx, subnet.id), `subnet ${subnet.id}`)
    await releaseQuota(ctx, tx, { projectId: subnet.project_id, resource: 'subnet' })
  }
  await settled(deleteNetworkRow(tx, id), `network ${id}`)
  await deleteTagsOf(tx, [id, ...subnets.map((subnet) => subnet.id)])
  await releaseQuota(ctx, tx, { projectId: network.project_id, resource: 'network' })
}

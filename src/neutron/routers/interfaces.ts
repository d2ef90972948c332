import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { visiblePort } from '../ports/visible.ts'
import { visibleSubnet } from '../subnets/visible.ts'
import { joinByPort, joinSubnet, type JoinedPort } from './add-interface.ts'
import { ownRouter } from './change.ts'
import { badRouter } from './refusals.ts'
import { leave, type Leaving } from './remove-interface.ts'

/** Lets the asker's router join a subnet, or the subnets of a port. */
export async function addInterface(
  ctx: CloudContext,
  tx: Tx,
  { routerId, portId, subnetId }: Leaving & { routerId: string },
): Promise<object> {
  const router = await ownRouter(ctx, tx, routerId)
  if (portId !== undefined && subnetId !== undefined) throw badRouter('Cannot specify both subnet-id and port-id')
  if (portId !== undefined) return interfaceView(router.id, await joinByPort(ctx, tx, router, await visiblePort(ctx, tx, portId)))
  if (subnetId !== undefined) return interfaceView(router.id, await joinSubnet(ctx, tx, router, await visibleSubnet(ctx, tx, subnetId)))
  throw badRouter('Either subnet_id or port_id must be specified')
}

/** Takes the asker's router off a subnet, or off the subnets of a port. */
export async function removeInterface(
  ctx: CloudContext,
  tx: Tx,
  { routerId, ...leaving }: Leaving & { routerId: string },
): Promise<object> {
  const router = await ownRouter(ctx, tx, routerId)
  if (leaving.portId === undefined && leaving.subnetId === undefined) throw badRouter('Either subnet_id or port_id must be specified')
  if (leaving.subnetId !== undefined) await visibleSubnet(ctx, tx, leaving.subnetId)
  return interfaceView(router.id, await leave(ctx, tx, router, leaving))
}

const interfaceView = (routerId: string, { port, subnetIds }: JoinedPort) => ({
  id: routerId,
  tenant_id: port.project_id,
  port_id: port.id,
  network_id: port.network_id,
  subnet_id: subnetIds[0],
  subnet_ids: subnetIds,
})

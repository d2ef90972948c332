import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { needsRouter } from '../floating-ips/store.ts'
import { allocationsOfPorts } from '../ipam/store.ts'
import { subnetsById } from '../subnets/store.ts'
import type { PortRow } from '../tables.ts'
import { interfaceOwner } from './add-interface.ts'
import { assertNotJoined, assertNoOverlap, joinedBy } from './joined.ts'
import { neededByFloatingIp } from './refusals.ts'
import { changeRouter, deleteInterface, insertInterface } from './store.ts'

/** When the addresses of a router's port have changed, the router joins the subnets that the port is on now, and no others. */
export async function followPort(ctx: Context, tx: Tx, port: Pick<PortRow, 'id' | 'device_id' | 'device_owner'>): Promise<void> {
  if (port.device_owner !== interfaceOwner || !(await changeRouter(ctx, tx, port.device_id))) return
  const routerId = port.device_id
  const now = new Set(((await allocationsOfPorts(tx, [port.id])).get(port.id) ?? []).map((held) => held.subnet_id))
  const { interfaces } = await joinedBy(tx, routerId)
  const ofPort = interfaces.filter((joined) => joined.portId === port.id)
  for (const joined of ofPort) {
    if (now.delete(joined.subnetId)) continue
    if (await needsRouter(tx, joined)) throw neededByFloatingIp(routerId, joined.subnetId)
    await deleteInterface(tx, joined)
  }
  const subnets = await subnetsById(tx, [...now])
  const others = await joinedBy(tx, routerId)
  assertNotJoined({ ...others, addresses: others.addresses.filter((held) => held.port_id !== port.id) }, subnets)
  await assertNoOverlap(tx, others, subnets)
  for (const subnetId of now) await insertInterface(tx, { routerId, subnetId, portId: port.id })
}

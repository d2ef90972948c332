import { invalid } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { assertNoFloatingIp } from '../floating-ips/of-ports.ts'
import { needsRouter } from '../floating-ips/store.ts'
import { allocationsOfPorts, deleteAllocation } from '../ipam/store.ts'
import { deletePort } from '../ports/delete.ts'
import { changePort, portById } from '../ports/store.ts'
import { holds, readPrefix } from '../prefixes.ts'
import { changedMeanwhile } from '../refusals.ts'
import { subnetsById } from '../subnets/store.ts'
import type { RouterRow } from '../routing-tables.ts'
import type { JoinedPort } from './add-interface.ts'
import { neededByFloatingIp, neededByRoute, noInterface, noInterfaceOnSubnet } from './refusals.ts'
import { deleteInterface, interfacesOf, type Interface } from './store.ts'

/** Which of its interfaces a router shall give up: all of a port, or one subnet. */
export interface Leaving {
  readonly portId?: string
  readonly subnetId?: string
}

/** Takes the router off one subnet, or off all subnets of one port; a port without subnets goes too. The caller has called `changeRouter`. */
export async function leave(ctx: Context, tx: Tx, router: RouterRow, { portId, subnetId }: Leaving): Promise<JoinedPort> {
  const all = await interfacesOf(tx, router.id)
  const ofPort = all.filter((joined) => joined.portId === portId)
  if (portId !== undefined && ofPort.length === 0) throw noInterface(router.id, portId)
  if (portId !== undefined && subnetId !== undefined && !ofPort.some((joined) => joined.subnetId === subnetId)) {
    throw invalid(`Subnet on port ${portId} does not match the requested subnet ${subnetId}`, { type: 'SubnetMismatchForPort' })
  }
  const leaving = portId === undefined ? all.filter((joined) => joined.subnetId === subnetId) : ofPort
  if (leaving.length === 0) throw noInterfaceOnSubnet(router.id, subnetId!)
  await assertNotNeeded(tx, router, leaving)
  const port = await portById(tx, leaving[0]!.portId)
  if (!port) throw changedMeanwhile(`router ${router.id}`)
  for (const joined of leaving) await deleteInterface(tx, joined)
  const isWholePort = all.filter((joined) => joined.portId === port.id).length === leaving.length
  if (isWholePort) await deletePort(ctx, tx, port.id)
  else await narrow(ctx, tx, leaving[0]!)
  return { port, subnetIds: leaving.map((joined) => joined.subnetId) }
}

async function assertNotNeeded(tx: Tx, router: RouterRow, leaving: readonly Interface[]): Promise<void> {
  for (const { routerId, subnetId } of leaving) {
    if (await needsRouter(tx, { routerId, subnetId })) throw neededByFloatingIp(routerId, subnetId)
  }
  for (const subnet of await subnetsById(
    tx,
    leaving.map((joined) => joined.subnetId),
  )) {
    const isNeeded = router.routes_json.some((route) => holds(readPrefix(subnet.cidr)!, route.nexthop))
    if (isNeeded) throw neededByRoute(router.id, subnet.id)
  }
}

async function narrow(ctx: Context, tx: Tx, { portId, subnetId }: Interface): Promise<void> {
  const held = (await allocationsOfPorts(tx, [portId])).get(portId) ?? []
  const leaving = held.filter((address) => address.subnet_id === subnetId)
  await assertNoFloatingIp(tx, { portId, addresses: leaving.map(({ address }) => address) })
  for (const address of leaving) await deleteAllocation(tx, address)
  const port = await portById(tx, portId)
  if (!port || !(await changePort(ctx, tx, port))) throw changedMeanwhile(`port ${portId}`)
}

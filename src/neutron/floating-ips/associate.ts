import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { isDuplicate } from '../../kernel/sql/failures.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { readAddress } from '../ipam/addresses.ts'
import { allocationsOfPorts, versionOf } from '../ipam/store.ts'
import { visiblePort } from '../ports/visible.ts'
import { routersBetween } from '../routers/store.ts'
import { subnetById } from '../subnets/store.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import type { AllocationRow, PortRow } from '../tables.ts'
import { alreadyAssociated, badFloatingIp, unreachable } from './refusals.ts'
import { setAssociation } from './store.ts'

/** Where a client wants a floating IP to lead. */
export interface Target {
  readonly portId: string
  /** Needed when the port has several IPv4 addresses. */
  readonly fixedAddress?: string
}

/**
 * Lets a floating IP lead to an address of a port that a router connects with its network. Refuses with PortNotFound,
 * ExternalGatewayForFloatingIPNotFound, or FloatingIPPortAlreadyAssociated when the address has a floating IP already.
 */
export async function associate(ctx: CloudContext, tx: Tx, fip: FloatingIpRow, target: Target): Promise<void> {
  const port = await portToReach(ctx, tx, fip, target.portId)
  const fixed = chooseAddress(port, (await allocationsOfPorts(tx, [port.id])).get(port.id) ?? [], target.fixedAddress)
  const association = { portId: port.id, fixedAddress: fixed.address, subnetId: fixed.subnet_id, routerId: await routerFor(tx, fip, fixed) }
  try {
    await setAssociation(tx, fip.id, association)
  } catch (error) {
    if (isDuplicate(error)) throw alreadyAssociated(fip, association)
    throw error
  }
}

async function portToReach(ctx: CloudContext, db: Db, fip: FloatingIpRow, portId: string): Promise<PortRow> {
  const port = await visiblePort(ctx, db, portId)
  if (port.project_id !== fip.project_id && !isAdmin(ctx.subject)) {
    throw badFloatingIp(`Cannot process floating IP association with Port ${portId}, since that port is owned by a different tenant`)
  }
  return port
}

function chooseAddress(port: PortRow, held: readonly AllocationRow[], wanted: string | undefined): AllocationRow {
  if (wanted !== undefined) {
    const address = readAddress(wanted)
    if (address?.version !== 4)
      throw badFloatingIp(`Cannot process floating IP association with ${wanted}, since that is not an IPv4 address`)
    const found = held.find((candidate) => candidate.address === address.text)
    if (!found) throw badFloatingIp(`Port ${port.id} does not have fixed ip ${wanted}`)
    return found
  }
  const [first, ...more] = held.filter((candidate) => versionOf(candidate) === 4)
  if (!first) throw badFloatingIp(`Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses`)
  if (more.length === 0) return first
  throw badFloatingIp(
    `Port ${port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP`,
  )
}

// The router whose interface is the subnet's gateway goes before others.
async function routerFor(db: Db, fip: FloatingIpRow, { subnet_id: subnetId, port_id: portId }: AllocationRow): Promise<string> {
  const routers = await routersBetween(db, { subnetId, networkId: fip.floating_network_id })
  if (routers.length === 0) throw unreachable({ networkId: fip.floating_network_id, subnetId, portId })
  if (routers.length === 1) return routers[0]!.routerId
  const gateway = (await subnetById(db, subnetId))?.gateway_ip
  const addresses = await allocationsOfPorts(
    db,
    routers.map((router) => router.portId),
  )
  const isGateway = (candidate: string) => addresses.get(candidate)?.some((held) => held.subnet_id === subnetId && held.address === gateway)
  return (routers.find((router) => isGateway(router.portId)) ?? routers[0]!).routerId
}

import { conflict } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { givenAddress } from '../ipam/addresses.ts'
import { allocateAddresses } from '../ipam/allocate.ts'
import { allocationsOfPorts, versionOf } from '../ipam/store.ts'
import { createPort } from '../ports/create.ts'
import { changePort, portById } from '../ports/store.ts'
import { changedMeanwhile } from '../refusals.ts'
import { subnetsById } from '../subnets/store.ts'
import type { PortRow, SubnetRow } from '../tables.ts'
import { assertNoOverlap, assertNotJoined, joinedBy, type Joined } from './joined.ts'
import { badRouter } from './refusals.ts'
import { insertInterface } from './store.ts'

/** The device owner of a router's ports on the inside. */
export const interfaceOwner = 'network:router_interface'

/** The port by which a router joins subnets. */
export interface JoinedPort {
  readonly port: PortRow
  readonly subnetIds: readonly string[]
}

interface JoiningRouter {
  readonly id: string
  readonly project_id: string
}

/** Joins the subnet by a new port with the subnet's gateway address. The caller has called `changeRouter`. */
export async function joinSubnet(ctx: Context, tx: Tx, router: JoiningRouter, subnet: SubnetRow): Promise<JoinedPort> {
  if (!subnet.gateway_ip) throw badRouter('Subnet for router interface must have a gateway IP')
  if (subnet.ip_version === 6 && subnet.ipv6_ra_mode === null && subnet.ipv6_address_mode !== null) {
    throw badRouter(`IPv6 subnet ${subnet.id} configured to receive RAs from an external router cannot be added to Neutron Router`)
  }
  const joined = await joinedBy(tx, router.id)
  assertNotJoined(joined, [subnet])
  await assertNoOverlap(tx, joined, [subnet])
  const portId = (await widenedPort(ctx, tx, joined, subnet)) ?? (await interfacePort(ctx, tx, router, subnet))
  await insertInterface(tx, { routerId: router.id, subnetId: subnet.id, portId })
  return { port: (await portById(tx, portId))!, subnetIds: [subnet.id] }
}

async function interfacePort(ctx: Context, tx: Tx, router: JoiningRouter, subnet: SubnetRow): Promise<string> {
  const fixedIps = [{ subnetId: subnet.id, ipAddress: subnet.gateway_ip! }]
  return (
    await createPort(ctx, tx, {
      projectId: router.project_id,
      networkId: subnet.network_id,
      deviceId: router.id,
      deviceOwner: interfaceOwner,
      fixedIps,
    })
  ).id
}

// A network's IPv6 subnets share one port of the router.
async function widenedPort(ctx: Context, tx: Tx, joined: Joined, subnet: SubnetRow): Promise<string | undefined> {
  if (subnet.ip_version === 4) return undefined
  const portId = ipv6PortOn(joined, subnet.network_id)
  if (portId === undefined) return undefined
  const holder = { portId, networkId: subnet.network_id }
  await allocateAddresses(ctx, tx, { holder, wants: [{ subnet, address: givenAddress('gateway_ip', subnet.gateway_ip!) }] })
  const port = await portById(tx, portId)
  if (!port || !(await changePort(ctx, tx, port))) throw changedMeanwhile(`port ${portId}`)
  return portId
}

const ipv6PortOn = ({ gateway, addresses }: Joined, networkId: string): string | undefined =>
  addresses.find((held) => held.network_id === networkId && held.port_id !== gateway?.portId && versionOf(held) === 6)?.port_id

/** Joins the subnets of a port that nobody uses yet, by that port. The caller has called `changeRouter`. */
export async function joinByPort(ctx: Context, tx: Tx, router: JoiningRouter, port: PortRow): Promise<JoinedPort> {
  if (port.device_id !== '') {
    const text = `Unable to complete operation on port ${port.id} for network ${port.network_id}. Port already has an attached device ${port.device_id}.`
    throw conflict(text, { type: 'PortInUse' })
  }
  const held = (await allocationsOfPorts(tx, [port.id])).get(port.id) ?? []
  if (held.length === 0) throw badRouter('Router port must have at least one fixed IP')
  const joined = await joinedBy(tx, router.id)
  assertOneIpv6Port(
    joined,
    port,
    held.some((address) => versionOf(address) === 6),
  )
  const subnets = await subnetsById(tx, [...new Set(held.map((address) => address.subnet_id))])
  assertNotJoined(joined, subnets)
  await assertNoOverlap(tx, joined, subnets)
  if (held.filter((address) => versionOf(address) === 4).length > 1) throw badRouter('Cannot have multiple IPv4 subnets on router port')
  if (!(await changePort(ctx, tx, port, { device_id: router.id, device_owner: interfaceOwner }))) throw changedMeanwhile(`port ${port.id}`)
  for (const subnet of subnets) await insertInterface(tx, { routerId: router.id, subnetId: subnet.id, portId: port.id })
  return { port, subnetIds: subnets.map((subnet) => subnet.id) }
}

function assertOneIpv6Port(joined: Joined, port: PortRow, hasIpv6: boolean): void {
  const existing = hasIpv6 ? ipv6PortOn(joined, port.network_id) : undefined
  if (existing === undefined) return
  throw badRouter(
    `Cannot have multiple router ports with the same network id if both contain IPv6 subnets. Existing port ${existing} has IPv6 subnet(s) and network id ${port.network_id}`,
  )
}

import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { needsRouter } from '../floating-ips/store.ts'
import { allocationsOfPorts } from '../ipam/store.ts'
import type { FixedIpRequest } from '../ipam/plan.ts'
import { networkById } from '../networks/store.ts'
import { createPort } from '../ports/create.ts'
import { deletePort } from '../ports/delete.ts'
import { networkNotFound } from '../refusals.ts'
import { subnetsOfNetwork } from '../subnets/store.ts'
import { assertNoOverlap, assertNotJoined, joinedBy } from './joined.ts'
import { badRouter, gatewayNeeded } from './refusals.ts'
import { changeGateway, deleteGateway, insertGateway, type Gateway } from './store.ts'

/** The way out that a router shall have. */
export interface GatewayWish {
  readonly networkId: string
  /** Left out: any address of the network, or the ones that it has. */
  readonly fixedIps?: readonly FixedIpRequest[]
  /** Whether what goes out gets the gateway's address; true unless said. */
  readonly enableSnat?: boolean
}

/** Gives the router this gateway instead of the one it has; `undefined` takes it away. The caller has called `changeRouter`. */
export async function setGateway(ctx: Context, tx: Tx, routerId: string, wish: GatewayWish | undefined): Promise<void> {
  if (wish) await assertUsable(tx, wish)
  const current = (await joinedBy(tx, routerId)).gateway
  const stays = current !== undefined && current.networkId === wish?.networkId
  if (current && !stays) await removeGateway(ctx, tx, current)
  if (!wish) return
  const enableSnat = wish.enableSnat ?? true
  if (stays) return adjustGateway(ctx, tx, { ...current, enableSnat }, wish)
  const [joined, subnets] = [await joinedBy(tx, routerId), await subnetsOfNetwork(tx, wish.networkId)]
  assertNotJoined(joined, subnets)
  await assertNoOverlap(tx, joined, subnets)
  await insertGateway(tx, { routerId, networkId: wish.networkId, enableSnat, portId: await gatewayPort(ctx, tx, routerId, wish) })
}

async function assertUsable(tx: Tx, { networkId, fixedIps = [] }: GatewayWish): Promise<void> {
  const network = await networkById(tx, networkId)
  if (!network) throw networkNotFound(networkId)
  if (!network.external) throw badRouter(`Network ${networkId} is not an external network`)
  const taken = new Set((await subnetsOfNetwork(tx, networkId)).map((subnet) => subnet.gateway_ip))
  const wrong = fixedIps.find(({ ipAddress }) => ipAddress !== undefined && taken.has(ipAddress))
  if (wrong) throw badRouter(`External IP ${wrong.ipAddress} is the same as the gateway IP`)
}

/** Takes the gateway away, unless floating IPs need it. */
export async function removeGateway(ctx: Context, tx: Tx, { routerId, networkId, portId }: Gateway): Promise<void> {
  if (await needsRouter(tx, { routerId })) throw gatewayNeeded(routerId, networkId)
  await deleteGateway(tx, routerId)
  await deletePort(ctx, tx, portId)
}

// A gateway with other addresses is another port; nothing refers to the port itself.
async function adjustGateway(ctx: Context, tx: Tx, gateway: Gateway, wish: GatewayWish): Promise<void> {
  if (!wish.fixedIps?.length || (await hasThese(tx, gateway, wish.fixedIps))) return void (await changeGateway(tx, gateway))
  await deletePort(ctx, tx, gateway.portId)
  await changeGateway(tx, { ...gateway, portId: await gatewayPort(ctx, tx, gateway.routerId, wish) })
}

async function hasThese(tx: Tx, { portId }: Gateway, wanted: readonly FixedIpRequest[]): Promise<boolean> {
  const has = (await allocationsOfPorts(tx, [portId])).get(portId) ?? []
  const isMet = ({ subnetId, ipAddress }: FixedIpRequest) =>
    has.some((held) => (subnetId === undefined || held.subnet_id === subnetId) && (ipAddress === undefined || held.address === ipAddress))
  return has.length === wanted.length && wanted.every(isMet)
}

async function gatewayPort(ctx: Context, tx: Tx, routerId: string, { networkId, fixedIps }: GatewayWish): Promise<string> {
  const port = await createPort(ctx, tx, {
    projectId: '',
    networkId,
    deviceId: routerId,
    deviceOwner: 'network:router_gateway',
    ...(fixedIps?.length && { fixedIps }),
  })
  return port.id
}

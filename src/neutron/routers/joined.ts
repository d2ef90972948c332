import type { Db } from '../../kernel/sql/tables.ts'
import { allocationsOfPorts } from '../ipam/store.ts'
import { overlaps, readPrefix } from '../prefixes.ts'
import { subnetsById, subnetsOfNetwork } from '../subnets/store.ts'
import type { AllocationRow, SubnetRow } from '../tables.ts'
import { badRouter } from './refusals.ts'
import { gatewaysOf, interfacesOf, type Gateway, type Interface } from './store.ts'

/** What a router joins. */
export interface Joined {
  readonly gateway: Gateway | undefined
  readonly interfaces: readonly Interface[]
  /** The addresses of all its ports, the gateway's included. */
  readonly addresses: readonly AllocationRow[]
}

export async function joinedBy(db: Db, routerId: string): Promise<Joined> {
  const gateway = (await gatewaysOf(db, [routerId])).get(routerId)
  const interfaces = await interfacesOf(db, routerId)
  const portIds = new Set([...interfaces.map(({ portId }) => portId), ...(gateway ? [gateway.portId] : [])])
  return { gateway, interfaces, addresses: [...(await allocationsOfPorts(db, [...portIds])).values()].flat() }
}

/** Refuses a subnet that the router joins already. */
export function assertNotJoined({ addresses, interfaces }: Joined, subnets: readonly SubnetRow[]): void {
  const known = new Set([...addresses.map((address) => address.subnet_id), ...interfaces.map(({ subnetId }) => subnetId)])
  const twice = subnets.find((subnet) => known.has(subnet.id))
  if (twice) throw badRouter(`Router already has a port on subnet ${twice.id}`)
}

/** The subnets that the router reaches: those it joins, and all of the network that its gateway is on. */
export async function reachedSubnets(db: Db, { gateway, interfaces }: Joined): Promise<SubnetRow[]> {
  const inside = await subnetsById(
    db,
    interfaces.map(({ subnetId }) => subnetId),
  )
  return gateway ? [...inside, ...(await subnetsOfNetwork(db, gateway.networkId))] : inside
}

/** Refuses subnets whose addresses the router already reaches elsewhere. */
export async function assertNoOverlap(db: Db, joined: Joined, subnets: readonly SubnetRow[]): Promise<void> {
  const known = await reachedSubnets(db, joined)
  for (const subnet of subnets) {
    const other = known.find((candidate) => overlaps(readPrefix(candidate.cidr)!, readPrefix(subnet.cidr)!))
    if (other) throw badRouter(`Cidr ${subnet.cidr} of subnet ${subnet.id} overlaps with cidr ${other.cidr} of subnet ${other.id}`)
  }
}

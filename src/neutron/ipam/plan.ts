import { holds, readPrefix } from '../prefixes.ts'
import { invalidInput } from '../refusals.ts'
import { invalid } from '../../kernel/errors.ts'
import { eui64, givenAddress, type Address } from './addresses.ts'
import type { SubnetRow } from '../tables.ts'

/** What a client asks of a port's addresses: a subnet, an address, or both. */
export interface FixedIpRequest {
  readonly subnetId?: string
  readonly ipAddress?: string
}

/** One address to be given: this one, or any of the first subnet that has one. */
export type Want = { readonly subnet: SubnetRow; readonly address: Address } | { readonly anyOf: readonly SubnetRow[] }

/** What ports a plan is for. */
export interface PlannedPort {
  readonly macAddress: string
  readonly deviceOwner: string
}

const routerOwners =
  /^network:(router_interface|ha_router_replicated_interface|router_interface_distributed|router_centralized_snat|router_gateway)/

/** Whether the port is a router's, which gets no address but those it asks for. */
export const isRouterOwner = (deviceOwner: string): boolean => routerOwners.test(deviceOwner)

/** Whether guests on the subnet make their own addresses. */
export const isAutoAddress = ({ ipv6_address_mode: address, ipv6_ra_mode: ra }: SubnetRow): boolean =>
  [address, ra].some((mode) => mode === 'slaac' || mode === 'dhcpv6-stateless')

/**
 * Which addresses a port shall get. Without a request: one of IPv4 and one of IPv6, from the network's subnets in turn.
 * A port of a guest also gets its own address in every subnet where guests make theirs; an empty request gets none.
 */
export function planAddresses(port: PlannedPort, subnets: readonly SubnetRow[], requested: readonly FixedIpRequest[] | undefined): Want[] {
  if (requested?.length === 0) return []
  const isRouter = isRouterOwner(port.deviceOwner)
  const automatic = isRouter ? [] : subnets.filter(isAutoAddress)
  const own = automatic.map((subnet) => ({ subnet, address: eui64(readPrefix(subnet.cidr)!, port.macAddress) }))
  if (requested) return [...requested.flatMap((request) => wanted(request, subnets, isRouter)), ...own]
  const chosen = ([4, 6] as const)
    .map((version) => subnets.filter((subnet) => subnet.ip_version === version && !(isAutoAddress(subnet) && !isRouter)))
    .filter((candidates) => candidates.length > 0)
    .map((anyOf) => ({ anyOf }))
  return [...chosen, ...own]
}

function wanted({ subnetId, ipAddress }: FixedIpRequest, subnets: readonly SubnetRow[], isRouter: boolean): Want[] {
  if (subnetId === undefined && ipAddress === undefined) throw invalidInput('IP allocation requires subnet_id or ip_address')
  const address = ipAddress === undefined ? undefined : givenAddress('fixed_ips', ipAddress)
  const subnet = subnetId === undefined ? subnetHolding(subnets, address!) : subnetOnNetwork(subnets, subnetId)
  if (!address) return isAutoAddress(subnet) && !isRouter ? [] : [{ anyOf: [subnet] }]
  assertUsable(subnet, address, isRouter)
  return [{ subnet, address }]
}

function subnetHolding(subnets: readonly SubnetRow[], address: Address): SubnetRow {
  const subnet = subnets.find((candidate) => holds(readPrefix(candidate.cidr)!, address.text))
  if (subnet) return subnet
  throw invalid(`IP address ${address.text} is not a valid IP for any of the subnets on the specified network.`, {
    type: 'InvalidIpForNetwork',
  })
}

function subnetOnNetwork(subnets: readonly SubnetRow[], id: string): SubnetRow {
  const subnet = subnets.find((candidate) => candidate.id === id)
  if (subnet) return subnet
  throw invalidInput(`Failed to create port on network ${subnets[0]?.network_id ?? ''}, because fixed_ips included invalid subnet ${id}`)
}

function assertUsable(subnet: SubnetRow, address: Address, isRouter: boolean): void {
  const prefix = readPrefix(subnet.cidr)!
  const isEnd = subnet.ip_version === 4 ? address.value === prefix.first || address.value === prefix.last : address.value === prefix.first
  const isTiny = prefix.last - prefix.first <= 1n
  if (!holds(prefix, address.text) || (isEnd && !isTiny)) {
    throw invalid(`IP address ${address.text} is not a valid IP for the specified subnet.`, { type: 'InvalidIpForSubnet' })
  }
  if (isAutoAddress(subnet) && !isRouter) {
    throw invalidInput(
      `IPv6 address ${address.text} can not be directly assigned to a port on subnet ${subnet.id} since the subnet is configured for automatic addresses`,
    )
  }
}

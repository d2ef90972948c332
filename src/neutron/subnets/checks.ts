import { invalid } from '../../kernel/errors.ts'
import { givenAddress, type Address } from '../ipam/addresses.ts'
import { readPrefix, type Prefix } from '../prefixes.ts'
import { invalidAttribute, invalidInput } from '../refusals.ts'
import type { HostRoute } from '../tables.ts'

const maxNameservers = 5
const maxRoutes = 20

/** The subnet's network as a client gave it, or a refusal in neutron's words. */
export function checkedCidr(cidr: string, version: number): Prefix {
  const prefix = cidr.includes('/') ? readPrefix(cidr) : undefined
  if (!prefix) throw invalidAttribute('cidr', `'${cidr.slice(0, 64)}' is not a valid IP subnet.`)
  if (prefix.text !== prefix.network) {
    throw invalidAttribute('cidr', `'${cidr}' isn't a recognized IP subnet cidr, '${prefix.network}' is recommended.`)
  }
  assertVersion('cidr', prefix.text, prefix.version, version)
  if (prefix.text.endsWith('/0')) throw invalidInput('0 is not allowed as CIDR prefix length')
  return prefix
}

function assertVersion(name: string, text: string, actual: number, version: number): void {
  if (actual !== version) throw invalidInput(`${name} '${text}' does not match the ip_version '${version}'`)
}

/** Refuses networks that no DHCP server can serve. */
export function assertServable(prefix: Prefix): void {
  const size = prefix.last - prefix.first + 1n
  if (size < (prefix.version === 4 ? 4n : 2n))
    throw invalidInput('Subnet has a prefix length that is incompatible with DHCP service enabled')
  const top = prefix.version === 4 ? prefix.first >> 28n : prefix.first >> 120n
  if (top === (prefix.version === 4 ? 14n : 255n)) throw invalidInput('Multicast IP subnet is not supported if enable_dhcp is True')
  if (prefix.version === 4 && prefix.first >> 24n === 127n) throw invalidInput('Loopback IP subnet is not supported if enable_dhcp is True')
}

/** The gateway as a client gave it. It may lie outside the subnet, but must not be its first or broadcast address. */
export function checkedGateway(text: string, prefix: Prefix): Address {
  const gateway = givenAddress('gateway_ip', text)
  assertVersion('gateway_ip', gateway.text, gateway.version, prefix.version)
  const isTiny = prefix.last - prefix.first <= 1n
  const isEnd = gateway.value === prefix.first || (prefix.version === 4 && gateway.value === prefix.last)
  if (isEnd && !isTiny) throw invalidInput('Gateway is not valid on subnet')
  return gateway
}

export function checkedNameservers(texts: readonly string[], version: number, subnetId: string): string[] {
  const addresses = texts.map((text) => givenAddress('dns_nameservers', text))
  const twice = addresses.find((address, index) => addresses.findIndex((other) => other.text === address.text) !== index)
  if (twice) throw invalidAttribute('dns_nameservers', `Duplicate nameserver '${twice.text}'.`)
  for (const address of addresses) assertVersion('dns_nameserver', address.text, address.version, version)
  if (texts.length > maxNameservers) {
    const message = `Unable to complete operation for ${subnetId}. The number of DNS nameservers exceeds the limit ${maxNameservers}.`
    throw invalid(message, { type: 'DNSNameServersExhausted' })
  }
  return addresses.map((address) => address.text)
}

export function checkedRoutes(routes: readonly HostRoute[], version: number, subnetId: string): HostRoute[] {
  const checked = routes.map((route) => {
    const destination = route.destination.includes('/') ? readPrefix(route.destination) : undefined
    if (!destination) throw invalidAttribute('host_routes', `'${route.destination}' is not a valid IP subnet.`)
    const nexthop = givenAddress('host_routes', route.nexthop)
    assertVersion('host_routes', destination.text, destination.version, version)
    assertVersion('host_routes', nexthop.text, nexthop.version, version)
    return { destination: destination.text, nexthop: nexthop.text }
  })
  const keys = checked.map((route) => `${route.destination} ${route.nexthop}`)
  if (new Set(keys).size < keys.length)
    throw invalidAttribute('host_routes', `Duplicate hostroute '${keys.find((key, index) => keys.indexOf(key) !== index)}'.`)
  if (routes.length > maxRoutes) {
    const message = `Unable to complete operation for ${subnetId}. The number of host routes exceeds the limit ${maxRoutes}.`
    throw invalid(message, { type: 'HostRoutesExhausted' })
  }
  return checked
}

/** Refuses combinations of the IPv6 modes that contradict each other or the subnet. */
export function assertModes(modes: { ra: string | null; address: string | null }, prefix: Prefix, enableDhcp: boolean): void {
  const { ra, address } = modes
  if (prefix.version === 4) {
    for (const [name, mode] of [
      ['ipv6_ra_mode', ra],
      ['ipv6_address_mode', address],
    ]) {
      if (mode) throw invalidInput(`${name} is not valid when ip_version is 4`)
    }
  }
  if (!ra && !address) return
  if (!enableDhcp) throw invalidInput('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False')
  if (ra && address && ra !== address) {
    const both = `ipv6_ra_mode set to '${ra}' with ipv6_address_mode set to '${address}' is not valid`
    throw invalidInput(`${both}. If both attributes are set, they must be the same value`)
  }
  const isAutomatic = [ra, address].some((mode) => mode === 'slaac' || mode === 'dhcpv6-stateless')
  if (isAutomatic && !prefix.text.endsWith('/64')) {
    const why = 'OpenStack uses the EUI-64 address format, which requires the prefix to be /64'
    throw invalidInput(`Invalid CIDR ${prefix.text} for IPv6 address mode. ${why}`)
  }
}

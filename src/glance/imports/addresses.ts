import { isIP, SocketAddress } from 'node:net'
import { readNetworks } from '../../kernel/networks.ts'

// What IANA's registries of special-purpose addresses do not hold to be globally reachable.
const specialV4 = readNetworks(
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
   192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`.split(/\s+/),
)
// All of IPv6 that is for anybody; in it, tunnels that carry an IPv4 address, and what is for documents.
const globalV6 = readNetworks(['2000::/3'])
const specialV6 = readNetworks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** Whether an address belongs to the public internet, rather than to this machine, its links, a private network or a group. */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  if (version === 0) return false
  const inner = version === 6 ? mappedV4(address) : address
  if (inner !== undefined) return !specialV4.check(inner, 'ipv4')
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
}

const mapped = readNetworks(['::ffff:0:0/96'])

/** The IPv4 address that an IPv6 address stands for: 127.0.0.1 in ::ffff:7f00:1. */
function mappedV4(address: string): string | undefined {
  if (!mapped.check(address, 'ipv6')) return undefined
  const groups = new URL(`http://[${new SocketAddress({ address, family: 'ipv6' }).address}]`).hostname.slice(1, -1).split(':')
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group, 16)) as [number, number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

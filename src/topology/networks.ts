import { BlockList, isIP } from 'node:net'

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Bits of an address of this kind: 32 or 128. */
export const bitsOf = (address: string): number => (isIP(address) === 6 ? 128 : 32)

/** Whether `address` is in the network of `prefix` bits that `other` is in. Addresses of different families never share one. */
export function sharesNetwork(address: string, other: string, prefix: number): boolean {
  if (familyOf(address) !== familyOf(other) || prefix > bitsOf(other)) return false
  const network = new BlockList()
  network.addSubnet(other, prefix, familyOf(other))
  return network.check(address, familyOf(address))
}

/** Whether this is the first address of its network (its name) or, for IPv4, the last (broadcast): nobody can have it. */
export function namesNetwork(address: string, prefix: number): boolean {
  if (isIP(address) !== 4 || prefix >= 31) return false
  const hostBits = 2 ** (32 - prefix)
  const host = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) % hostBits
  return host === 0 || host === hostBits - 1
}

// RFC 1918, 6598, 3927 and loopback; for IPv6 unique local, link-local and loopback.
const closed = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  closed.addSubnet(network, prefix, 'ipv4')
closed.addSubnet('fc00::', 7, 'ipv6')
closed.addSubnet('fe80::', 10, 'ipv6')
closed.addAddress('::1', 'ipv6')

/** Whether the internet may reach this address. */
export const isPublic = (address: string): boolean => !closed.check(address, familyOf(address))

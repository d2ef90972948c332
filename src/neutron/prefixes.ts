import { isIP } from 'node:net'

/** An address with a mask, such as 10.1.2.3/8. */
export interface Prefix {
  readonly version: 4 | 6
  /** As it was written, in the usual form and with its mask. */
  readonly text: string
  /** The network that it lies in: 10.0.0.0/8. */
  readonly network: string
  readonly first: bigint
  readonly last: bigint
}

/** Reads `10.1.2.3/8`; without a mask it means that one address. undefined when it is no prefix. */
export function readPrefix(text: string): Prefix | undefined {
  const [address = '', mask, ...rest] = text.trim().split('/')
  const version = isIP(address) as 0 | 4 | 6
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined
  const bits = version === 4 ? 32 : 128
  if (mask !== undefined && !/^\d{1,3}$/.test(mask)) return undefined
  const length = mask === undefined ? bits : Number(mask)
  if (length > bits) return undefined
  const value = numberOf(address, version)
  const hosts = (1n << BigInt(bits - length)) - 1n
  const first = value & ~hosts
  return {
    version,
    text: `${addressText(value, version)}/${length}`,
    network: `${addressText(first, version)}/${length}`,
    first,
    last: first + hosts,
  }
}

export const overlaps = (one: Prefix, other: Prefix): boolean =>
  one.version === other.version && one.first <= other.last && other.first <= one.last

/** Whether the address, written without a mask, lies in the prefix. */
export function holds(prefix: Prefix, address: string): boolean {
  const found = readPrefix(address)
  return found !== undefined && overlaps(prefix, found)
}

function numberOf(address: string, version: 4 | 6): bigint {
  if (version === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
  const full = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = full.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}

/** The usual form of an address: RFC 5952 for IPv6. */
export function addressText(value: bigint, version: 4 | 6): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

import { addressText, readPrefix, type Prefix } from '../prefixes.ts'
import { invalidAttribute } from '../refusals.ts'

/** An address as a number, and as it is usually written. */
export interface Address {
  readonly version: 4 | 6
  readonly value: bigint
  readonly text: string
}

/** Reads an address without a mask; undefined when it is none. */
export function readAddress(text: string): Address | undefined {
  const prefix = text.includes('/') ? undefined : readPrefix(text)
  return prefix && addressAt(prefix.first, prefix.version)
}

export const addressAt = (value: bigint, version: 4 | 6): Address => ({ version, value, text: addressText(value, version) })

/** Reads an address that a client gave for `attribute`, or refuses it. */
export function givenAddress(attribute: string, text: string): Address {
  const address = readAddress(text)
  if (!address) throw invalidAttribute(attribute, `'${text.slice(0, 64)}' is not a valid IP address.`)
  return address
}

/** The address as text that sorts like the number. */
export const keyOf = (value: bigint): string => value.toString(16).padStart(32, '0')

export const valueOfKey = (key: string): bigint => BigInt(`0x${key}`)

/** The address that a guest gives itself in an IPv6 prefix of 64 bits, from its MAC address (RFC 4291, appendix A). */
export function eui64(prefix: Prefix, mac: string): Address {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16))
  const id = [bytes[0]! ^ 2, bytes[1]!, bytes[2]!, 0xff, 0xfe, bytes[3]!, bytes[4]!, bytes[5]!]
  const low = id.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return addressAt((prefix.first & ~((1n << 64n) - 1n)) | low, 6)
}

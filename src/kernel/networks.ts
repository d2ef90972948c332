import { BlockList, isIP } from 'node:net'

/** A set of networks, such as 10.0.0.0/8. */
export type Networks = BlockList

/** Reads networks in the form 10.0.0.0/8 or fd00::/8; a single address is a network of one. Throws for anything else. */
export function readNetworks(texts: readonly string[]): Networks {
  const networks = new BlockList()
  for (const text of texts) {
    const [address = '', prefix, more] = text.split('/')
    const version = isIP(address)
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
    if (version === 0 || more !== undefined || bits < 0 || bits > (version === 6 ? 128 : 32))
      throw new Error(`${text} is no network, such as 10.0.0.0/8`)
    networks.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
  }
  return networks
}

// The protocols that have a name, in the order in which neutron lists them.
const numbers: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
  icmp6: 58,
  any: 0,
}

export const protocolNames: readonly string[] = Object.keys(numbers)

/** Protocols whose rules may name ports. */
export const protocolsWithPorts: readonly string[] = ['dccp', 'sctp', 'tcp', 'udp', 'udplite']

const ipv6Only = new Set([41, 43, 44, 58, 59, 60])

/** A protocol as neutron keeps it: its name in small letters, or its number as text; undefined when there is none such. */
export function readProtocol(value: string | number): string | undefined {
  const text = String(value).trim().toLowerCase()
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? String(Number(text)) : undefined
  return Object.hasOwn(numbers, text) ? text : undefined
}

export const protocolNumber = (protocol: string): number => numbers[protocol] ?? Number(protocol)

export const isIcmp = (protocol: string): boolean => protocolNumber(protocol) === 1 || protocolNumber(protocol) === 58

export const hasPorts = (protocol: string): boolean => protocolsWithPorts.some((name) => numbers[name] === protocolNumber(protocol))

/** Whether the protocol makes no sense in IPv4. */
export const needsIpv6 = (protocol: string): boolean => ipv6Only.has(protocolNumber(protocol))

/** ICMP for IPv6 is another protocol, but people write `icmp` for both. */
export function forEthertype(protocol: string, ethertype: 'IPv4' | 'IPv6'): string {
  if (ethertype === 'IPv4') return protocol
  if (protocol === '1') return '58'
  return ['icmp', 'icmpv6', 'icmp6'].includes(protocol) ? 'ipv6-icmp' : protocol
}

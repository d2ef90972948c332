import { invalid } from '../../kernel/errors.ts'
import { pythonRepr } from '../../cloud/schema-words.ts'
import { readPrefix } from '../prefixes.ts'
import { forEthertype, hasPorts, isIcmp, needsIpv6, protocolNames, protocolNumber, protocolsWithPorts, readProtocol } from './protocols.ts'
import type { RuleWords } from './meaning.ts'
import type { RuleBody } from './schema.ts'

export type { RuleBody } from './schema.ts'

/** Reads a rule as a client wrote it, or refuses it in neutron's words. */
export function readRule(body: RuleBody): RuleWords {
  const ethertype = readEthertype(body.ethertype)
  const named = readProtocolOf(body.protocol)
  const rule: RuleWords = {
    direction: body.direction,
    ethertype,
    protocol: named === null ? null : forEthertype(named, ethertype),
    portRangeMin: readPort(body.port_range_min),
    portRangeMax: readPort(body.port_range_max),
    remoteIpPrefix: readRemote(body.remote_ip_prefix, ethertype),
    remoteGroupId: body.remote_group_id ?? null,
  }
  assertPorts(rule)
  if (rule.protocol !== null && ethertype === 'IPv4' && needsIpv6(rule.protocol)) {
    throw refusal('SecurityGroupEthertypeConflictWithProtocol', `Invalid ethertype ${ethertype} for protocol ${rule.protocol}.`)
  }
  if (rule.remoteIpPrefix && rule.remoteGroupId) {
    throw refusal('SecurityGroupRemoteGroupAndRemoteIpPrefix', 'Only remote_ip_prefix or remote_group_id may be provided.')
  }
  return rule
}

const refusal = (type: string, message: string) => invalid(message, { type })

function readEthertype(text: unknown): 'IPv4' | 'IPv6' {
  if (text === undefined) return 'IPv4'
  const found = (['IPv4', 'IPv6'] as const).find((ethertype) => typeof text === 'string' && ethertype.toLowerCase() === text.toLowerCase())
  if (!found) throw refusal('HTTPBadRequest', `Invalid input for ethertype. Reason: '${String(text)}' is not in ['IPv4', 'IPv6'].`)
  return found
}

function readProtocolOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const protocol = typeof value === 'string' || typeof value === 'number' ? readProtocol(value) : undefined
  if (protocol !== undefined) return protocol
  const names = pythonRepr([null, ...protocolNames])
  const text = `Security group rule protocol ${String(value)} not supported. Only protocol values ${names} and integer representations [0-255] are supported.`
  throw refusal('SecurityGroupRuleInvalidProtocol', text)
}

function readPort(value: unknown): number | null {
  if (value === null || value === undefined) return null
  const port = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,9}$/.test(value)) ? Number(value) : Number.NaN
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw refusal('SecurityGroupInvalidPortValue', `Invalid value for port ${String(value)}`)
}

function readRemote(text: string | null | undefined, ethertype: string): string | null {
  if (!text) return null
  const prefix = readPrefix(text)
  if (!prefix) throw refusal('InvalidCIDR', `Invalid CIDR ${text} given as IP prefix.`)
  if (ethertype === `IPv${prefix.version}`) return prefix.text
  throw refusal('SecurityGroupRuleParameterConflict', `Conflicting value ethertype ${ethertype} for CIDR ${text}`)
}

function assertPorts({ protocol, portRangeMin: min, portRangeMax: max }: RuleWords): void {
  if (min === null && max === null) return
  if (protocol === null) throw refusal('SecurityGroupProtocolRequiredWithPorts', 'Must also specify protocol if port range is given.')
  if (hasPorts(protocol)) return assertPortRange(min, max)
  if (isIcmp(protocol)) return assertIcmp(min, max)
  const supported = protocolsWithPorts.map((name) => name.toUpperCase()).join(', ')
  const text = `Ports cannot be specified for protocol ${protocolNumber(protocol)}. Ports are only supported for ${supported}.`
  throw refusal('SecurityGroupInvalidProtocolForPort', text)
}

function assertPortRange(min: number | null, max: number | null): void {
  if (min === 0 || max === 0) throw refusal('SecurityGroupInvalidPortValue', 'Invalid value for port 0')
  if (min !== null && max !== null && min <= max) return
  throw refusal('SecurityGroupInvalidPortRange', 'For TCP/UDP protocols, port_range_min must be <= port_range_max')
}

function assertIcmp(type: number | null, code: number | null): void {
  const wrong = (field: string, attribute: string, value: number) =>
    refusal('SecurityGroupInvalidIcmpValue', `Invalid value for ICMP ${field} (${attribute}) ${value}. It must be 0 to 255.`)
  if (type !== null && type > 255) throw wrong('type', 'port_range_min', type)
  if (code !== null && code > 255) throw wrong('code', 'port_range_max', code)
  if (type !== null) return
  throw refusal('SecurityGroupMissingIcmpType', `ICMP code (port-range-max) ${code} is provided but ICMP type (port-range-min) is missing.`)
}

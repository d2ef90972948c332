import { describe, expect, test } from 'vitest'
import { Fault } from '../../kernel/errors.ts'
import { meaningOf } from './meaning.ts'
import { readRule, type RuleBody } from './words.ts'

const rule = (fields: Partial<RuleBody>) => readRule({ security_group_id: 'g', direction: 'ingress', ...fields })
function refusal(fields: Partial<RuleBody>): string {
  try {
    rule(fields)
  } catch (error) {
    if (error instanceof Fault) return `${error.details.type}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('the words of a rule', () => {
  test('names and numbers of protocols are understood', () => {
    expect(rule({ protocol: 'TCP' }).protocol).toBe('tcp')
    expect(rule({ protocol: 6 }).protocol).toBe('6')
    expect(rule({ protocol: '17' }).protocol).toBe('17')
    expect(rule({ protocol: null }).protocol).toBe(null)
    expect(refusal({ protocol: 'bad_protocol_name' })).toMatch(
      /^SecurityGroupRuleInvalidProtocol: Security group rule protocol bad_protocol_name not supported\. Only protocol values \[None, 'ah', .*\] and integer representations \[0-255\] are supported\.$/,
    )
    expect(refusal({ protocol: 256 })).toMatch(/^SecurityGroupRuleInvalidProtocol/)
  })

  test('icmp in IPv6 is ipv6-icmp', () => {
    for (const protocol of ['icmp', 'icmpv6', 'icmp6']) expect(rule({ ethertype: 'IPv6', protocol }).protocol).toBe('ipv6-icmp')
    expect(rule({ ethertype: 'IPv6', protocol: 1 }).protocol).toBe('58')
    expect(refusal({ ethertype: 'IPv4', protocol: 'ipv6-icmp' })).toBe(
      'SecurityGroupEthertypeConflictWithProtocol: Invalid ethertype IPv4 for protocol ipv6-icmp.',
    )
  })

  test.each([
    ['tcp', -16, 80, 'SecurityGroupInvalidPortValue: Invalid value for port -16'],
    ['tcp', 80, 79, 'SecurityGroupInvalidPortRange: For TCP/UDP protocols, port_range_min must be <= port_range_max'],
    ['tcp', 80, 65536, 'SecurityGroupInvalidPortValue: Invalid value for port 65536'],
    ['tcp', null, 6, 'SecurityGroupInvalidPortRange: For TCP/UDP protocols, port_range_min must be <= port_range_max'],
    ['udp', 0, 6, 'SecurityGroupInvalidPortValue: Invalid value for port 0'],
    ['tcp', 'ssh', 22, 'SecurityGroupInvalidPortValue: Invalid value for port ssh'],
    ['icmp', 1, 256, 'SecurityGroupInvalidIcmpValue: Invalid value for ICMP code (port_range_max) 256. It must be 0 to 255.'],
    ['icmp', 300, 1, 'SecurityGroupInvalidIcmpValue: Invalid value for ICMP type (port_range_min) 300. It must be 0 to 255.'],
    ['icmp', null, 6, 'SecurityGroupMissingIcmpType: ICMP code (port-range-max) 6 is provided but ICMP type (port-range-min) is missing.'],
    [null, 22, 22, 'SecurityGroupProtocolRequiredWithPorts: Must also specify protocol if port range is given.'],
    [
      'vrrp',
      22,
      22,
      'SecurityGroupInvalidProtocolForPort: Ports cannot be specified for protocol 112. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.',
    ],
    ['tcp', '22', '23', 'accepted'],
    ['icmp', 8, 0, 'accepted'],
    ['icmp', 8, null, 'accepted'],
  ] as const)('%s %s-%s', (protocol, min, max, outcome) => {
    expect(refusal({ protocol, port_range_min: min, port_range_max: max })).toBe(outcome)
  })

  test('a prefix gets its mask and must fit the ethertype', () => {
    expect(rule({ remote_ip_prefix: '10.1.2.3' }).remoteIpPrefix).toBe('10.1.2.3/32')
    expect(rule({ remote_ip_prefix: '10.1.2.3/8' }).remoteIpPrefix).toBe('10.1.2.3/8')
    expect(rule({ remote_ip_prefix: '2001:DB8:0::1/64', ethertype: 'IPv6' }).remoteIpPrefix).toBe('2001:db8::1/64')
    expect(refusal({ remote_ip_prefix: '2001:db8::/64' })).toBe(
      'SecurityGroupRuleParameterConflict: Conflicting value ethertype IPv4 for CIDR 2001:db8::/64',
    )
    expect(refusal({ remote_ip_prefix: '192.168.1./24' })).toBe('InvalidCIDR: Invalid CIDR 192.168.1./24 given as IP prefix.')
    expect(refusal({ remote_ip_prefix: '10.0.0.0/33' })).toMatch(/^InvalidCIDR/)
    expect(refusal({ remote_ip_prefix: '10.0.0.0/8', remote_group_id: 'x' })).toBe(
      'SecurityGroupRemoteGroupAndRemoteIpPrefix: Only remote_ip_prefix or remote_group_id may be provided.',
    )
  })

  test('rules that say the same have one meaning', () => {
    const same = (one: Partial<RuleBody>, other: Partial<RuleBody>) => expect(meaningOf(rule(one))).toBe(meaningOf(rule(other)))
    same({ protocol: 'tcp', port_range_min: 1, port_range_max: 1 }, { protocol: 6, port_range_min: '1', port_range_max: 1 })
    same({ remote_ip_prefix: '0.0.0.0/0' }, {})
    same({ ethertype: 'IPv6', protocol: 'icmp' }, { ethertype: 'IPv6', protocol: '58' })
    expect(meaningOf(rule({ direction: 'egress' }))).not.toBe(meaningOf(rule({})))
  })
})

import { forEthertype, protocolNumber } from './protocols.ts'

/** What a rule says. */
export interface RuleWords {
  readonly direction: 'ingress' | 'egress'
  readonly ethertype: 'IPv4' | 'IPv6'
  readonly protocol: string | null
  /** The first port, or the type of ICMP. */
  readonly portRangeMin: number | null
  /** The last port, or the code of ICMP. */
  readonly portRangeMax: number | null
  readonly remoteIpPrefix: string | null
  readonly remoteGroupId: string | null
}

/** A rule as text, the same for two rules that say the same: `tcp` is 6, and every address is no restriction. */
export function meaningOf(rule: RuleWords): string {
  const everywhere = rule.remoteIpPrefix === '0.0.0.0/0' || rule.remoteIpPrefix === '::/0'
  const protocol = rule.protocol === null ? '+' : protocolNumber(forEthertype(rule.protocol, rule.ethertype))
  const remote = rule.remoteGroupId ?? (everywhere ? '+' : (rule.remoteIpPrefix ?? '+'))
  return [rule.direction, rule.ethertype, protocol, rule.portRangeMin ?? '+', rule.portRangeMax ?? '+', remote].join(' ')
}

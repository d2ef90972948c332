import { isIPv6 } from 'node:net'
import type { Topology } from '../model.ts'
import type { UnitPort, Unit } from '../unit.ts'

/**
 * A table of nftables that closes the ports of this host's units to all who have no business there. It opens nothing and says
 * nothing about other ports, so that it goes along with any other table.
 */
export function firewall(topology: Topology, units: readonly Unit[]): string {
  const rules = units.flatMap(({ name, ports }) => ports.map((port) => ruleOf(name, port)))
  const addresses = [...topology.hosts.map(({ address }) => address), topology.address].filter(
    (one, index, all) => all.indexOf(one) === index,
  )
  return `#!/usr/sbin/nft -f
# Written by skykeel from the topology. Loading it again replaces it.
table inet skykeel
delete table inet skykeel

table inet skykeel {
  # The hosts of the topology, and the address that floats between them.
${setOf(
  'peers',
  'ipv4_addr',
  addresses.filter((address) => !isIPv6(address)),
)}
${setOf(
  'peers6',
  'ipv6_addr',
  addresses.filter((address) => isIPv6(address)),
)}

  # Only what comes from elsewhere and is for a port that is not for everybody gets here.
  chain for_peers {
    ip saddr @peers accept
    ip6 saddr @peers6 accept
    drop
  }

  chain input {
    type filter hook input priority filter; policy accept;
${['iif lo accept', ...rules].map((rule) => `    ${rule}`).join('\n')}
  }
}
`
}

const setOf = (name: string, type: string, elements: readonly string[]): string =>
  [`  set ${name} {`, `    type ${type}`, ...(elements.length > 0 ? [`    elements = { ${elements.join(', ')} }`] : []), '  }'].join('\n')

const verdicts: Record<UnitPort['openTo'], string> = { clients: 'accept', peers: 'jump for_peers', local: 'drop' }

function ruleOf(unit: string, { port, protocol, openTo, why }: UnitPort): string {
  const which = protocol === 'vrrp' ? 'meta l4proto 112' : `${protocol} dport ${port}`
  return `${which} ${verdicts[openTo]} comment "${unit}: ${why}"`
}

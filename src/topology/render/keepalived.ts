import { isIPv6 } from 'node:net'
import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import type { Layout } from '../unit.ts'
import { checkScript } from './keepalived-check.ts'
import { open, othersThan, type RenderPart, script, unitOf } from './part.ts'
import { ports } from './ports.ts'

/** keepalived, which gives the cloud's address to one of several balancers. */
export const keepalived: RenderPart = (topology, host, { layout }) => {
  const balancers = hostsWith(topology, 'balancer')
  if (balancers.length < 2 || !balancers.includes(host)) return undefined
  const file = `${layout.etc}/keepalived/keepalived.conf`
  const pids = ['--pid', `${layout.run}/keepalived/main.pid`, '--vrrp_pid', `${layout.run}/keepalived/vrrp.pid`]
  return {
    files: [open(file, configOf(topology, host, layout)), script(checkOf(layout), checkScript(ports.balancerHealth))],
    units: [
      unitOf({
        name: 'keepalived',
        description: `Holds ${topology.address} on one of the balancers`,
        after: ['haproxy'],
        user: 'root',
        command: ['/usr/sbin/keepalived', '--dont-fork', '--log-console', '--vrrp', ...pids, '--use-file', file],
        // With SIGTERM it gives the address back, and the next holder need not wait for silence.
        stopSeconds: 10,
        folders: [`${layout.run}/keepalived`],
        // The last three let it run its check as somebody without rights.
        capabilities: ['CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_SETUID', 'CAP_SETGID', 'CAP_KILL'],
        ports: [{ port: 112, protocol: 'vrrp', openTo: 'peers', why: 'who holds the address' }],
      }),
    ],
  }
}

const checkOf = ({ etc }: Layout): string => `${etc}/keepalived/check-balancer`

// From 1 to 255. Two clouds in one network must differ in it; their addresses do, and most often at the end.
function routerId(address: string): number {
  const last = address.split(/[.:]/).at(-1) ?? ''
  return (Number.parseInt(last || '0', isIPv6(address) ? 16 : 10) % 255) + 1
}

function configOf(topology: Topology, host: TopologyHost, layout: Layout): string {
  const balancers = hostsWith(topology, 'balancer')
  const peers = othersThan(host, balancers)
  return `# Written by skykeel from the topology. Change that instead of this file.
global_defs {
  router_id ${host.name}
  # A script that others could change must not run.
  enable_script_security
  script_user nobody
  vrrp_version 3
}

vrrp_script balancer {
  script "${checkOf(layout)}"
  interval 1
  timeout 4
  fall 2
  rise 2
  # No address before HAProxy has shown that it works.
  init_fail
}

vrrp_instance front {
  # All begin as backup and nobody takes the address from a holder that works: it moves only when it must.
  state BACKUP
  nopreempt
  interface ${host.interface}
  virtual_router_id ${routerId(topology.address)}
  priority ${200 - balancers.indexOf(host)}
  # Three of these in silence, and another takes over: in about one second.
  advert_int 0.3
  # Multicast is not carried everywhere. Every balancer must name all the others.
  unicast_src_ip ${host.address}
  unicast_peer {
${peers.map(({ address }) => `    ${address}`).join('\n')}
  }
  # Neighbours hear again and again where the address is; one who missed it, as after a healed cut, learns it later.
  garp_master_delay 1
  garp_master_refresh 5
  virtual_ipaddress {
    ${topology.address}/${topology.prefix} dev ${host.interface}
  }
  track_script {
    balancer
  }
}
`
}

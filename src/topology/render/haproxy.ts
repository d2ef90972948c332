import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import { controllersOf } from '../controllers.ts'
import type { BalancerHealth, Neighbour } from './haproxy-health.ts'
import { renderHaproxy } from './haproxy-config.ts'
import { haproxyScript } from './haproxy-script.ts'
import { open, othersThan, type RenderPart, type Rendering, unitOf } from './part.ts'
import { ports } from './ports.ts'

/** HAProxy in front of all controllers. */
export const haproxy: RenderPart = (topology, host, rendering) => {
  if (!hostsWith(topology, 'balancer').includes(host)) return undefined
  const { etc, run } = rendering.layout
  const file = `${etc}/haproxy/haproxy.cfg`
  const script = `${etc}/haproxy/skykeel.lua`
  return {
    files: [open(file, configOf(topology, host, { rendering, script })), open(script, haproxyScript)],
    units: [
      unitOf({
        name: 'haproxy',
        description: 'Balancer in front of the controllers',
        user: 'haproxy',
        command: ['/usr/sbin/haproxy', '-W', '-db', '-f', file],
        // Ends after the requests that run, or after hard-stop-after.
        stopSignal: 'SIGUSR1',
        stopSeconds: 35,
        // While it is away on the holder of the address, nobody can connect; the address moves only when two looks in turn find it dead.
        restartSeconds: 0.1,
        folders: [`${run}/haproxy`],
        capabilities: topology.port < 1024 ? ['CAP_NET_BIND_SERVICE'] : [],
        ports: [
          { port: topology.port, protocol: 'tcp', openTo: 'clients', why: 'the APIs' },
          { port: ports.balancerHealth, protocol: 'tcp', openTo: 'peers', why: 'health for keepalived, and metrics' },
        ],
      }),
    ],
  }
}

/** Where the certificate of the front lies, with its key, if there is TLS. */
export function certificateOf({ tls }: Topology, { layout }: Pick<Rendering, 'layout'>): string | undefined {
  if (tls.kind === 'none') return undefined
  return tls.kind === 'files' ? tls.certificate : `${layout.etc}/tls/front.pem`
}

function configOf(topology: Topology, host: TopologyHost, { rendering, script }: { rendering: Rendering; script: string }): string {
  const certificate = certificateOf(topology, rendering)
  return renderHaproxy({
    listen: { host: topology.address, port: topology.port },
    controllers: controllersOf(topology).map(({ name, address }) => ({ name, host: address, port: topology.controllerPort })),
    script,
    adminSocket: `${rendering.layout.run}/haproxy/admin.sock`,
    health: healthOn(topology, host),
    ...(certificate && { certificate }),
  })
}

/** So many are looked at at most; a single one may be the one that is dead. */
const mostWitnesses = 6

function healthOn(topology: Topology, host: TopologyHost): BalancerHealth {
  const others = (what: string, hosts: readonly TopologyHost[], port: number): Neighbour[] =>
    othersThan(host, hosts).map(({ name, address }) => ({ name: `${name}-${what}`, host: address, port }))
  const peers = others('balancer', hostsWith(topology, 'balancer'), ports.balancerHealth)
  const witnesses = [
    ...peers,
    ...others('controller', controllersOf(topology), topology.controllerPort),
    // Not where SQL is spoken: MariaDB shuts out who connects too often and says nothing.
    ...others('database', hostsWith(topology, 'database'), topology.database === 'galera' ? ports.galeraCheck : ports.patroni),
  ]
  // With an external database one machine can be the whole rest of the cloud.
  const isEnough = new Set(witnesses.map((one) => one.host)).size > 1 && topology.database !== 'external'
  return {
    hosts: ['127.0.0.1', host.address],
    port: ports.balancerHealth,
    peers,
    witnesses: isEnough ? witnesses.slice(0, mostWitnesses) : [],
  }
}

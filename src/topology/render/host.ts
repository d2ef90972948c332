import type { Topology } from '../model.ts'
import type { HostPlan } from '../unit.ts'
import { etcd } from './etcd.ts'
import { galera } from './galera.ts'
import { haproxy } from './haproxy.ts'
import { keepalived } from './keepalived.ts'
import type { RenderPart, Rendering } from './part.ts'
import { patroni } from './patroni.ts'
import { rabbitmq } from './rabbitmq.ts'
import { controller, novaCompute } from './skykeel.ts'

/** Every engine, in the order in which a host starts them. */
const parts: readonly RenderPart[] = [etcd, patroni, galera, rabbitmq, controller, novaCompute, haproxy, keepalived]

/** Everything that one host runs and reads, the same each time for the same topology and secrets. Throws for a host that is not there. */
export function planHost(topology: Topology, hostName: string, rendering: Rendering): HostPlan {
  const host = topology.hosts.find(({ name }) => name === hostName)
  if (!host) throw new Error(`the topology has no host ${hostName}`)
  const rendered = parts.flatMap((part) => part(topology, host, rendering) ?? [])
  const names = new Set(rendered.flatMap(({ units }) => units.map(({ name }) => name)))
  return {
    host: host.name,
    // Orders between units hold only for those that this host has.
    units: rendered.flatMap(({ units }) => units).map((unit) => ({ ...unit, after: unit.after.filter((name) => names.has(name)) })),
    files: rendered.flatMap(({ files }) => files),
  }
}

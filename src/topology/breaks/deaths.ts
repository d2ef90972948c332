import type { Topology } from '../model.ts'
import { type Instance, instancesOf } from './instances.ts'

/** Something that happens, and the instances that it takes along. */
export interface Death {
  readonly kind: 'host' | 'process' | 'pair' | 'zone'
  /** c1, c1/controller, c1 + c2, or the name of a zone. */
  readonly subject: string
  readonly dead: readonly Instance[]
}

/** Every death that the analysis looks at: each host, each process, each zone of several hosts, each pair of hosts. */
export function deathsOf(topology: Topology): readonly Death[] {
  const instances = instancesOf(topology)
  const on = (...hosts: readonly string[]) => instances.filter(({ host }) => hosts.includes(host))
  const names = topology.hosts.map(({ name }) => name)
  const zones = Map.groupBy(topology.hosts, ({ zone }) => zone)
  return [
    ...names.map((name): Death => ({ kind: 'host', subject: name, dead: on(name) })),
    // Guests are no process of the cloud: they end with their host alone.
    ...instances.flatMap((one): Death[] => (one.program === 'guests' ? [] : [{ kind: 'process', subject: one.id, dead: [one] }])),
    ...[...zones].flatMap(([zone, hosts]): Death[] =>
      zone !== undefined && hosts.length > 1 ? [{ kind: 'zone', subject: zone, dead: on(...hosts.map(({ name }) => name)) }] : [],
    ),
    ...names.flatMap((one, index) =>
      names.slice(index + 1).map((other): Death => ({ kind: 'pair', subject: `${one} + ${other}`, dead: on(one, other) })),
    ),
  ]
}

import type { Topology, TopologyHost } from '../model.ts'
import { addressFloats } from '../programs.ts'
import type { Capability } from './capabilities.ts'
import { type Instance, instancesOf, livingWithout } from './instances.ts'

/** Of the instances that are dead already: how many more hosts may die; undefined when even the death of all loses nothing. */
export type Tolerance = (dead: readonly Instance[]) => number | undefined

/** How many more hosts may die, whichever they are, before one of these capabilities is lost; counted as if they died at once. */
export function toleranceOf(topology: Topology, held: readonly Capability[]): Tolerance {
  const instances = instancesOf(topology)
  const known = new Map<string, number | undefined>()
  const loses = (hosts: readonly TopologyHost[], dead: readonly Instance[]): boolean => {
    const names = new Set(hosts.map(({ name }) => name))
    const living = livingWithout(instances, [...dead, ...instances.filter(({ host }) => names.has(host))])
    return held.some(({ holds }) => !holds(topology, living))
  }
  const find = (groups: readonly (readonly TopologyHost[])[], dead: readonly Instance[]): number | undefined => {
    for (let deaths = 1; deaths <= topology.hosts.length; deaths++) {
      for (const hosts of choices(groups, deaths)) if (loses(hosts, dead)) return deaths - 1
    }
    return undefined
  }
  return (dead) => {
    const groups = alike(topology, dead)
    // Deaths that leave as many of each kind leave the same tolerance: most pairs of a hundred hypervisors are one case.
    const key = JSON.stringify([...groups].map(([part, hosts]) => [part, hosts.length]).toSorted())
    if (!known.has(key)) known.set(key, find([...groups.values()], dead))
    return known.get(key)
  }
}

// Hosts that play the same parts are as good as one another, so of these only the number counts.
function alike(topology: Topology, dead: readonly Instance[]): ReadonlyMap<string, readonly TopologyHost[]> {
  return Map.groupBy(topology.hosts, ({ name, address, roles }) => {
    const gone = dead.flatMap(({ host, program }) => (host === name ? [program] : []))
    const holdsAddress = !addressFloats(topology) && address === topology.address
    return JSON.stringify([roles.toSorted(), gone.toSorted(), holdsAddress])
  })
}

function* choices(groups: readonly (readonly TopologyHost[])[], count: number): Generator<readonly TopologyHost[]> {
  const [first, ...rest] = groups
  if (!first) {
    if (count === 0) yield []
    return
  }
  for (let taken = 0; taken <= Math.min(first.length, count); taken++) {
    for (const others of choices(rest, count - taken)) yield [...first.slice(0, taken), ...others]
  }
}

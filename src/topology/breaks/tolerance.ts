import type { Topology, TopologyHost } from '../model.ts'
import { addressFloats } from '../programs.ts'
import type { Capability } from './capabilities.ts'
import { type Instance, instancesOf, livingWithout } from './instances.ts'

/**
 * How many more hosts may die, whichever they are, before one of these capabilities is lost; counted as if they died at once.
 * Undefined when even the death of all loses none of them. `dead` are the instances that are dead already.
 */
export function toleranceLeft(topology: Topology, held: readonly Capability[], dead: readonly Instance[]): number | undefined {
  const instances = instancesOf(topology)
  const loses = (hosts: readonly TopologyHost[]): boolean => {
    const names = new Set(hosts.map(({ name }) => name))
    const living = livingWithout(instances, [...dead, ...instances.filter(({ host }) => names.has(host))])
    return held.some(({ holds }) => !holds(topology, living))
  }
  const groups = alike(topology, dead)
  for (let deaths = 1; deaths <= topology.hosts.length; deaths++) {
    for (const hosts of choices(groups, deaths)) if (loses(hosts)) return deaths - 1
  }
  return undefined
}

// Hosts that play the same parts are as good as one another, so of these only the number counts. That keeps a hundred hypervisors cheap.
function alike(topology: Topology, dead: readonly Instance[]): readonly (readonly TopologyHost[])[] {
  const part = ({ name, address, roles }: TopologyHost): string => {
    const gone = dead.flatMap(({ host, program }) => (host === name ? [program] : []))
    const holdsAddress = !addressFloats(topology) && address === topology.address
    return JSON.stringify([roles.toSorted(), gone.toSorted(), holdsAddress])
  }
  return [...Map.groupBy(topology.hosts, part).values()]
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

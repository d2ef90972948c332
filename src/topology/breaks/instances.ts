import type { Topology } from '../model.ts'
import { type Program, programsOf } from '../programs.ts'

/** One program on one host, or the guests there, which only the host itself can take along. */
export interface Instance {
  readonly id: string
  readonly host: string
  readonly program: Program | 'guests'
}

/** The instances that are alive at one moment, by id. */
export type Living = ReadonlySet<string>

/** How an instance is named: c1/controller. */
export const idOf = (host: string, program: Instance['program']): string => `${host}/${program}`

/** Everything in the topology that can die. */
export const instancesOf = (topology: Topology): readonly Instance[] =>
  topology.hosts.flatMap((host) => {
    const programs: Instance['program'][] = [...programsOf(topology, host)]
    if (programs.includes('nova-compute')) programs.push('guests')
    return programs.map((program) => ({ id: idOf(host.name, program), host: host.name, program }))
  })

/** All instances but these. */
export const livingWithout = (instances: readonly Instance[], dead: readonly Instance[]): Living => {
  const gone = new Set(dead.map(({ id }) => id))
  return new Set(instances.flatMap(({ id }) => (gone.has(id) ? [] : [id])))
}

import type { Topology } from '../model.ts'
import { capabilitiesOf, type Capability } from './capabilities.ts'
import { type Death, deathsOf } from './deaths.ts'
import { instancesOf, livingWithout } from './instances.ts'
import { takeovers } from './takeovers.ts'
import { toleranceOf } from './tolerance.ts'

/** What a death does to the cloud. */
export interface Break {
  readonly kind: Death['kind']
  readonly subject: string
  /** What held before and does not any more. */
  readonly lost: readonly Capability[]
  /** For each program that died, who stands in for it, or what waits. */
  readonly consequences: readonly { readonly program: string; readonly takenOver: boolean; readonly sentence: string }[]
  /** About how long until the others have taken over, in seconds; undefined when nobody does, or the cloud lost something. */
  readonly aboutSeconds: number | undefined
  /** How many more hosts may die, whichever they are, before the cloud loses something; undefined when it has already. */
  readonly toleranceLeft: number | undefined
}

/** What the cloud can do, and how far it is from losing that. */
export interface Analysis {
  /** What this topology can't do even when everything lives. */
  readonly missing: readonly Capability[]
  /** As in `Break`, with everything alive. */
  readonly tolerance: number | undefined
  readonly breaks: readonly Break[]
}

/** What breaks if this dies: for each host, process, zone and pair of hosts, or for deaths of these kinds only. Pure. */
export function analyse(topology: Topology, kinds: readonly Death['kind'][] = ['host', 'process', 'zone', 'pair']): Analysis {
  const capabilities = capabilitiesOf(topology)
  const instances = instancesOf(topology)
  const everything = livingWithout(instances, [])
  const held = capabilities.filter(({ holds }) => holds(topology, everything))
  const toleranceLeft = toleranceOf(
    topology,
    held.filter(({ host }) => host === undefined),
  )

  const breakOf = ({ kind, subject, dead }: Death): Break => {
    const living = livingWithout(instances, dead)
    const lost = held.filter(({ holds }) => !holds(topology, living))
    const stands = !lost.some((one) => one.host === undefined)
    const died = new Set(dead.map(({ program }) => program))
    const concerned = takeovers.filter(({ program, within }) => died.has(program) && !(within && died.has(within)))
    const possible = concerned.filter((takeover) => takeover.possible(topology, living))
    const seconds = possible.map((takeover) => takeover.seconds[kind === 'process' ? 'process' : 'host'])
    return {
      kind,
      subject,
      lost,
      consequences: concerned.map((takeover) => {
        const takenOver = possible.includes(takeover)
        return { program: takeover.program, takenOver, sentence: takenOver ? takeover.takesOver : takeover.otherwise }
      }),
      aboutSeconds: stands && seconds.length > 0 ? Math.max(...seconds) : undefined,
      toleranceLeft: stands ? toleranceLeft(dead) : undefined,
    }
  }
  return {
    missing: capabilities.filter((one) => !held.includes(one)),
    tolerance: toleranceLeft([]),
    breaks: deathsOf(topology)
      .filter(({ kind }) => kinds.includes(kind))
      .map(breakOf),
  }
}

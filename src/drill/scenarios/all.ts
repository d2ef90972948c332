import { StartupError } from '../../config/startup-error.ts'
import { suggest } from '../../config/nearest.ts'
import type { Target, TargetProcess } from '../target.ts'
import { freezes } from './freeze.ts'
import { kills } from './kill.ts'
import { machines } from './machines.ts'
import { queues } from './queue.ts'
import { rolls } from './roll.ts'
import { rotations } from './rotate.ts'
import { cloudsFor, lacking, type Scenario } from './scenario.ts'
import { writers } from './writer.ts'

/** Every kind of blow. */
export const scenarios: readonly Scenario[] = [...kills, ...freezes, ...writers, ...queues, ...rolls, ...rotations, ...machines]

/** The scenario that picks one of all others, and a victim, each time anew. */
export const anyOf = { name: 'kill-any', sentence: 'Any of the others that the cloud can do, each time another; --seed repeats a choice.' }

/** Every scenario with its sentence and the kinds of cloud that can do it. */
export const listed: readonly { readonly name: string; readonly sentence: string; readonly clouds: readonly Target['kind'][] }[] = [
  { ...anyOf, clouds: ['embedded', 'lab'] },
  ...scenarios.map((one) => ({ name: one.name, sentence: one.sentence, clouds: cloudsFor(one) })),
]

/** The kinds of cloud that can do it, for people. */
export const cloudsText = (clouds: readonly Target['kind'][]): string => clouds.join(', ') || 'none yet'

/** The scenarios that a name stands for and that this cloud can do. Throws a StartupError that says what to use where it can do none. */
export function scenariosNamed(name: string, target: Target, processes: readonly TargetProcess[]): readonly Scenario[] {
  if (name === anyOf.name) return scenarios.filter((one) => !one.byNameOnly && lacking(one, target, processes) === undefined)
  const found = scenarios.find((one) => one.name === name)
  const names = listed.map((one) => one.name)
  if (!found) throw new StartupError(`There is no scenario ${name}`, suggest(name, names, '`skykeel drill --list` lists them.'))
  const lack = lacking(found, target, processes)
  if (lack === undefined) return [found]
  throw new StartupError(
    `${target.kind === 'embedded' ? 'An embedded cloud' : 'This lab'} can't do ${name}: ${lack}`,
    target.kind === 'lab' && found.needs.abilities.includes('upgrade')
      ? 'Start the lab with the release before: `skykeel lab up --program DIR`.'
      : cloudsFor(found).includes('lab')
        ? 'Start a cloud of several machines with `skykeel lab up`, and give its --state-dir.'
        : 'No kind of cloud can do that yet.',
  )
}

import type { Choose } from '../choose.ts'
import { ofKind, type Scenario, unnoticed } from './scenario.ts'

const rolling = (verb: 'restart' | 'upgrade', sentence: string): Scenario => ({
  name: `rolling-${verb}`,
  sentence,
  needs: { abilities: [verb], kinds: ['controller'] },
  maySilence: true,
  limits: { ...unnoticed, recoveryMs: 120_000 },
  async blow(stage, target, choose) {
    const names = shuffled(
      (await ofKind(target, 'controller')).map(({ name }) => name),
      choose,
    )
    stage.mark(`rolling ${verb}`, names.join(', '))
    for (const name of names) {
      stage.signal.throwIfAborted()
      await target[verb]!(name)
    }
  },
})

/** In an order that chance decides. */
export function shuffled<T>(all: readonly T[], choose: Choose): T[] {
  const left = [...all]
  return all.map(() => left.splice(left.indexOf(choose(left)), 1)[0]!)
}

export const rolls: readonly Scenario[] = [
  rolling('restart', 'Restarts all controllers in order, one after the other.'),
  rolling('upgrade', 'Gives all controllers the new version of the program, one after the other.'),
]

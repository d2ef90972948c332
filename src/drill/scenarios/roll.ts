import type { Choose } from '../choose.ts'
import { ofKind, type Scenario, type Stage, unnoticed } from './scenario.ts'
import type { ProcessKind, Target } from '../target.ts'

const restart: Scenario = {
  name: 'rolling-restart',
  sentence: 'Restarts all controllers in order, one after the other.',
  needs: { abilities: ['restart'], kinds: ['controller'] },
  maySilence: true,
  limits: { ...unnoticed, recoveryMs: 120_000 },
  async blow(stage, target, choose) {
    const names = await inAnyOrder(target, 'controller', choose)
    stage.mark('rolling restart', names.join(', '))
    await oneByOne(stage, names, (name) => target.restart!(name))
  },
}

const upgrade: Scenario = {
  name: 'rolling-upgrade',
  sentence:
    'Gives all controllers, then all agents, the new program, one after the other; in the next round the old one again, agents first.',
  needs: { abilities: ['nextProgram', 'upgrade'], kinds: ['controller', 'agent'] },
  maySilence: true,
  limits: { ...unnoticed, recoveryMs: 240_000 },
  async blow(stage, target, choose) {
    const program = await target.nextProgram!()
    // A new controller knows how the old agents speak; that an old one knew how new agents would is more than anybody promised.
    const kinds: readonly ProcessKind[] = program.isBack ? ['agent', 'controller'] : ['controller', 'agent']
    const names = (await Promise.all(kinds.map((kind) => inAnyOrder(target, kind, choose)))).flat()
    stage.mark(`${program.isBack ? 'roll back' : 'rolling upgrade'} to ${program.version}`, names.join(', '))
    await oneByOne(stage, names, (name) => target.upgrade!(name, program))
  },
}

const inAnyOrder = async (target: Target, kind: ProcessKind, choose: Choose): Promise<string[]> =>
  shuffled(
    (await ofKind(target, kind)).map(({ name }) => name),
    choose,
  )

async function oneByOne({ signal }: Stage, names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  for (const name of names) {
    signal.throwIfAborted()
    await act(name)
  }
}

/** In an order that chance decides. */
export function shuffled<T>(all: readonly T[], choose: Choose): T[] {
  const left = [...all]
  return all.map(() => left.splice(left.indexOf(choose(left)), 1)[0]!)
}

export const rolls: readonly Scenario[] = [restart, upgrade]

import { ofKind, type Scenario, unnoticed } from './scenario.ts'

const times = 4
const everyMs = 10_000

/** How controllers leave and join between two rotations, in turn: without a word, and in order. */
const leaving = ['kill', 'restart'] as const

const rotateKeys: Scenario = {
  name: 'rotate-keys',
  sentence: `Rotates the keys of tokens ${times} times, every ${everyMs / 1000} s, while controllers are killed and restarted.`,
  needs: { abilities: ['rotateKeys', ...leaving], kinds: ['controller'] },
  maySilence: true,
  limits: { ...unnoticed, recoveryMs: 120_000 },
  async blow(stage, target, choose) {
    const names = (await ofKind(target, 'controller')).map(({ name }) => name)
    stage.mark(`${times} rotations of keys`, names.join(', '))
    for (let turn = 0; turn < times; turn++) {
      const nextMs = stage.clock.monotonicMs() + everyMs
      await target[leaving[turn % leaving.length]!]!(choose(names))
      await target.rotateKeys!()
      await stage.clock.sleep(Math.max(0, nextMs - stage.clock.monotonicMs()), stage.signal)
    }
  },
}

export const rotations: readonly Scenario[] = [rotateKeys]

import type { ProcessKind } from '../target.ts'
import { cutting, during, ofKind, refusing, type Scenario, unnoticed } from './scenario.ts'

const frozenMs = 10_000
/** As long as an event loop may be stalled without that somebody is taken for dead. */
const stalledMs = 5_000
const downMs = 20_000

type Mays = Pick<Scenario, 'limits' | 'mayRefuse' | 'mayError' | 'maySilence'>

const holding = (kind: ProcessKind, ms: number, more: Mays & Pick<Scenario, 'name' | 'sentence'>): Scenario => ({
  needs: { abilities: ['freeze', 'thaw'], kinds: [kind] },
  ...more,
  async blow(stage, target, choose) {
    const { name } = choose(await ofKind(target, kind))
    stage.mark(`SIGSTOP for ${ms / 1000} s`, name)
    await during(stage, ms, { begin: () => target.freeze(name), end: () => target.thaw(name) })
  },
})

const freezing = (kind: ProcessKind, words: string, more: Mays): Scenario =>
  holding(kind, frozenMs, { name: `freeze-${kind}`, sentence: `Freezes ${words} for ${frozenMs / 1000} s.`, ...more })

// What a stalled event loop looks like from outside.
const stalling = (kind: ProcessKind, words: string): Scenario =>
  holding(kind, stalledMs, {
    name: `stall-${kind}`,
    sentence: `Stalls ${words} for ${stalledMs / 1000} s, which is too short for it to be taken for dead.`,
    limits: unnoticed,
  })

const queueDown: Scenario = {
  name: 'queue-down',
  sentence: `Stops every node of the message queue for ${downMs / 1000} s: requests go on, and the work follows.`,
  needs: { abilities: ['stop', 'start'], kinds: ['queue'] },
  limits: { ...unnoticed, recoveryMs: downMs + 60_000 },
  async blow(stage, target) {
    const names = (await ofKind(target, 'queue')).map(({ name }) => name)
    stage.mark(`stop for ${downMs / 1000} s`, names.join(' + '))
    await during(stage, downMs, {
      begin: async () => void (await Promise.all(names.map((name) => target.stop!(name)))),
      end: async () => void (await Promise.all(names.map((name) => target.start!(name)))),
    })
  },
}

export const freezes: readonly Scenario[] = [
  freezing('controller', 'a controller', { limits: unnoticed, maySilence: true }),
  // A host that was silent for eight seconds gets no servers: where it is the only one, they end in ERROR.
  freezing('agent', 'the agent of a compute host', { limits: { ...unnoticed, recoveryMs: 60_000 }, mayError: true, maySilence: true }),
  freezing('balancer', 'a balancer', { limits: { ...cutting, downtimeMs: 20_000 } }),
  freezing('database', 'a node of the database', { limits: refusing, mayRefuse: true }),
  freezing('queue', 'a node of the message queue', { limits: { ...unnoticed, recoveryMs: 60_000 } }),
  queueDown,
  stalling('controller', 'a controller'),
  stalling('agent', 'the agent of a compute host'),
]

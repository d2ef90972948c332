import type { ProcessKind } from '../target.ts'
import { cutting, during, ofKind, quick, refusing, type Scenario, unnoticed } from './scenario.ts'

const frozenMs = 10_000
/** As long as an event loop may be stalled without that somebody is taken for dead. */
const stalledMs = 5_000

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

export const freezes: readonly Scenario[] = [
  freezing('controller', 'a controller', { limits: quick, maySilence: true }),
  // A host that was silent for eight seconds gets no servers: where it is the only one, they end in ERROR.
  freezing('agent', 'the agent of a compute host', { limits: { ...unnoticed, recoveryMs: 60_000 }, mayError: true, maySilence: true }),
  freezing('balancer', 'a balancer', { limits: { ...cutting, falseDowns: 0, downtimeMs: 20_000 } }),
  freezing('database', 'a node of the database', { limits: refusing, mayRefuse: true }),
  freezing('queue', 'a node of the message queue', { limits: { ...unnoticed, recoveryMs: 60_000 } }),
  freezing('etcd', 'a node of etcd', { limits: refusing, mayRefuse: true }),
  freezing('keepalived', 'the keepalived of a balancer', { limits: { ...cutting, falseDowns: 0 } }),
  stalling('controller', 'a controller'),
  stalling('agent', 'the agent of a compute host'),
]

import type { ProcessKind } from '../target.ts'
import { cutting, during, ofKind, quick, refusing, type Scenario, unnoticed } from './scenario.ts'

const frozenMs = 10_000

const freezing = (kind: ProcessKind, words: string, more: Pick<Scenario, 'limits' | 'mayRefuse' | 'mayError'>): Scenario => ({
  name: `freeze-${kind}`,
  sentence: `Freezes ${words} for ${frozenMs / 1000} s.`,
  needs: { abilities: ['freeze', 'thaw'], kinds: [kind] },
  ...more,
  async blow(stage, target, choose) {
    const { name } = choose(await ofKind(target, kind))
    stage.mark(`SIGSTOP for ${frozenMs / 1000} s`, name)
    await during(stage, frozenMs, { begin: () => target.freeze(name), end: () => target.thaw(name) })
  },
})

export const freezes: readonly Scenario[] = [
  freezing('controller', 'a controller', { limits: quick }),
  // A host that was silent for six seconds gets no servers: where it is the only one, they end in ERROR.
  freezing('agent', 'the agent of a compute host', { limits: { ...unnoticed, recoveryMs: 60_000 }, mayError: true }),
  freezing('balancer', 'a balancer', { limits: { ...cutting, downtimeMs: 20_000 } }),
  freezing('database', 'a node of the database', { limits: refusing, mayRefuse: true }),
  freezing('queue', 'a node of the message queue', { limits: { ...unnoticed, recoveryMs: 60_000 } }),
  freezing('etcd', 'a node of etcd', { limits: refusing, mayRefuse: true }),
  freezing('keepalived', 'the keepalived of a balancer', { limits: cutting }),
]

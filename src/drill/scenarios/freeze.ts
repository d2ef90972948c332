import type { ProcessKind } from '../target.ts'
import { cutting, during, ofKind, refusing, type Scenario, unnoticed } from './scenario.ts'

const frozenMs = 10_000
const downMs = 20_000

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

const queueDown: Scenario = {
  name: 'queue-down',
  sentence: `Stops every node of the message queue for ${downMs / 1000} s: requests go on, and so does the work.`,
  needs: { abilities: ['stop', 'start'], kinds: ['queue'] },
  // Less than the outage itself: work does not wait for its end.
  limits: { ...unnoticed, recoveryMs: 15_000 },
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
  freezing('controller', 'a controller', { limits: unnoticed }),
  // A host that was silent for six seconds gets no servers: where it is the only one, they end in ERROR.
  freezing('agent', 'the agent of a compute host', { limits: { ...unnoticed, recoveryMs: 60_000 }, mayError: true }),
  freezing('balancer', 'a balancer', { limits: { ...cutting, downtimeMs: 20_000 } }),
  freezing('database', 'a node of the database', { limits: refusing, mayRefuse: true }),
  freezing('queue', 'a node of the message queue', { limits: { ...unnoticed, recoveryMs: 60_000 } }),
  queueDown,
]

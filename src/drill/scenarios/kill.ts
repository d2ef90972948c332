import type { ProcessKind } from '../target.ts'
import { cutting, type Limits, ofKind, quick, refusing, type Scenario, unnoticed } from './scenario.ts'

interface Killable {
  readonly kind: ProcessKind
  readonly words: string
  readonly limits: Limits
  readonly mayRefuse?: boolean
  readonly maySilence?: boolean
}

const killable: readonly Killable[] = [
  { kind: 'controller', words: 'a controller', limits: quick, maySilence: true },
  { kind: 'agent', words: 'the agent of a compute host', limits: unnoticed, maySilence: true },
  { kind: 'balancer', words: 'a balancer, which cuts the connections that go through it', limits: { ...cutting, falseDowns: 0 } },
  { kind: 'database', words: 'a node of the database', limits: refusing, mayRefuse: true },
  { kind: 'queue', words: 'a node of the message queue', limits: unnoticed },
  { kind: 'etcd', words: 'a node of etcd', limits: refusing, mayRefuse: true },
  { kind: 'keepalived', words: 'the keepalived of a balancer', limits: { ...cutting, falseDowns: 0 } },
]

const killing = ({ kind, words, ...more }: Killable): Scenario => ({
  name: `kill-${kind}`,
  sentence: `Kills ${words}.`,
  needs: { abilities: ['kill'], kinds: [kind] },
  ...more,
  async blow(stage, target, choose) {
    const { name } = choose(await ofKind(target, kind))
    stage.mark('kill -9', name)
    await target.kill(name)
  },
})

/** How long after a burst of requests the blow falls, in milliseconds: they run then. */
const midRequestMs = 4

const midPost: Scenario = {
  name: 'kill-mid-post',
  sentence: 'Kills a controller while it works on a burst of POSTs.',
  needs: { abilities: ['kill'], kinds: ['controller'] },
  maySilence: true,
  limits: quick,
  async blow(stage, target, choose) {
    const { name } = choose(await ofKind(target, 'controller'))
    stage.mark('kill -9 mid-POST', name)
    const burst = stage.burst()
    await stage.clock.sleep(midRequestMs, stage.signal)
    await target.kill(name)
    await burst
  },
}

const allDatabases: Scenario = {
  name: 'kill-all-databases',
  sentence: 'Kills every node of the database at once.',
  needs: { abilities: ['kill'], kinds: ['database'] },
  mayRefuse: true,
  limits: { ...refusing, downtimeMs: 60_000, recoveryMs: 120_000 },
  async blow(stage, target) {
    const nodes = await ofKind(target, 'database')
    stage.mark('kill -9', nodes.map(({ name }) => name).join(' + '))
    await Promise.all(nodes.map(({ name }) => target.kill(name)))
  },
}

export const kills: readonly Scenario[] = [...killable.map(killing), midPost, allDatabases]

import { majorityOf } from '../topology/quorums.ts'
import type { ProcessKind, TargetProcess } from './target.ts'

/** A process, and whether it does its work just now. */
export interface ProcessSeen extends TargetProcess {
  readonly healthy: boolean
}

export interface Advice {
  readonly ok: boolean
  /** Why, and what to do: one sentence each. */
  readonly why: string
  readonly hint: string
}

interface Stopping {
  readonly words: string
  /** `one`: another must be there. `majority`: more than half of all must stay. `own`: it stands for nobody but itself. */
  readonly needs: 'one' | 'majority' | 'own'
  /** What stops without it; completes "meanwhile …". */
  readonly meanwhile: string
}

const kinds: Readonly<Record<ProcessKind, Stopping>> = {
  controller: { words: 'controller', needs: 'one', meanwhile: 'no request is answered and no accepted work goes on' },
  balancer: { words: 'balancer', needs: 'one', meanwhile: 'nobody reaches the cloud' },
  keepalived: { words: 'keepalived', needs: 'one', meanwhile: "nobody brings the clients' address to another balancer" },
  database: { words: 'node of the database', needs: 'majority', meanwhile: 'requests wait, and are refused with 503 after 10 s' },
  queue: {
    words: 'node of the message queue',
    needs: 'majority',
    meanwhile: 'no order reaches a host; requests are accepted all the same',
  },
  etcd: { words: 'node of etcd', needs: 'majority', meanwhile: 'no other node of the database can become the primary' },
  agent: { words: 'agent', needs: 'own', meanwhile: 'guests of its hosts run on, but builds and deletions there wait until it is back' },
}

/**
 * Whether a process, or a whole host, may be stopped now without anybody noticing. `patroni` says that the database needs one standby rather
 * than a majority: the votes are etcd's. Undefined when there is no process and no host of this name.
 */
export function okToStop(name: string, processes: readonly ProcessSeen[], { patroni = false } = {}): Advice | undefined {
  const stopped = processes.filter((one) => one.name === name || one.host === name)
  if (stopped.length === 0) return undefined
  const advices = [...Map.groupBy(stopped, ({ kind }) => kind)].map(([kind, some]) => {
    const stopping = kinds[kind]
    return adviceFor(patroni && kind === 'database' ? { ...stopping, needs: 'one' } : stopping, {
      stopped: some,
      all: processes.filter((one) => one.kind === kind),
    })
  })
  return advices.find(({ ok }) => !ok) ?? advices.find(({ why }) => why.includes('wait')) ?? advices[0]
}

function adviceFor(
  { words, needs, meanwhile }: Stopping,
  { stopped, all }: { stopped: readonly ProcessSeen[]; all: readonly ProcessSeen[] },
): Advice {
  const names = stopped.map(({ name }) => name).join(' and ')
  if (needs === 'own') return { ok: true, why: `Meanwhile ${meanwhile}.`, hint: `Start ${names} again soon.` }
  const others = all.filter((one) => !stopped.includes(one))
  const left = others.filter(({ healthy }) => healthy)
  const wanted = needs === 'one' ? 1 : majorityOf(all.length)
  if (left.length >= wanted)
    return {
      ok: true,
      why: `${listed(left)} ${left.length === 1 ? 'takes' : 'take'} over.`,
      hint: `Start ${names} again before you stop the next.`,
    }
  const ill = others.filter((one) => !left.includes(one))
  if (ill.length > 0)
    return {
      ok: false,
      why: `${listed(ill)} ${ill.length === 1 ? 'is' : 'are'} not healthy, and without ${names} ${meanwhile}.`,
      hint: `Wait until ${listed(ill)} ${ill.length === 1 ? 'runs' : 'run'}, and ask again.`,
    }
  return {
    ok: false,
    why: others.length === 0 ? `It is the only ${words}: without it ${meanwhile}.` : `Too few stay: without ${names} ${meanwhile}.`,
    hint: 'Choose a moment at which that harms nobody, or have more of them.',
  }
}

const listed = (some: readonly ProcessSeen[]): string => some.map(({ name }) => name).join(' and ')

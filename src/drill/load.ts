import type { Call, Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import { type Asked, isPending, type Ledger } from './ledger.ts'
import type { Place } from './place.ts'
import { openRepeats } from './repeats.ts'
import { namePrefix, type ThingName, things } from './things.ts'
import { openTokens } from './tokens.ts'

/** What a load asks for in a second. */
export const pace = { servers: 5, others: 2, reads: 8, logIns: 1 }

/** How many servers may be on their way. Clients wait for theirs; a backlog without end would measure the machine, not the cloud. */
const mostPending = 30

/** How many of each of the others stay for a while, so that there are some at every moment. */
const standing = 4

const others: readonly ThingName[] = ['port', 'floating IP', 'security group']

const reads = [
  '/compute/v2.1/servers?limit=5',
  '/networking/v2.0/networks',
  '/image/v2/images',
  '/compute/v2.1/flavors',
  '/identity/v3/auth/catalog',
]

export interface Load {
  /** Asks for this share of the pace from now on. */
  ask(share: number): void
  /** Asks for one more of this kind, outside of the pace. */
  create(kind: ThingName): Promise<void>
  /** Sends the latest requests that had keys of their own once more. */
  repeat(): Promise<void>
  /** Resolves when every request that runs now has ended; others go on beginning. */
  answered(): Promise<void>
  /** Asks for nothing more; resolves when every request that runs has ended. */
  stop(): Promise<void>
}

/** Asks for things, deletes them when they are there, and reads, all at a steady pace whatever the answers. */
export function startLoad(ctx: Pick<DrillContext, 'clock' | 'ids'>, { call, ledger, place }: LoadOptions): Load {
  const { clock, ids } = ctx
  const { asked } = ledger
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  const repeats = openRepeats(ledger)
  const tokens = openTokens(ctx, { session: place.session, ledger })
  let count = 0
  let share = 1

  const steadily = async (perSecond: number, act: (turn: number) => Promise<unknown> | undefined) => {
    let nextMs = clock.monotonicMs()
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const work = act(turn)
      if (work) {
        running.add(work)
        void work.finally(() => running.delete(work))
      }
      nextMs += 1000 / (perSecond * share)
      await clock.sleep(Math.max(0, nextMs - clock.monotonicMs()), stopping.signal).catch(() => {})
    }
  }
  const create = async (kind: ThingName) => {
    const thing = things[kind]
    const port = kind === 'floating IP' ? asked.findLast((one) => one.kind === 'port' && isThere(one) && !leadsTo(asked, one)) : undefined
    const one: Asked = { kind, name: `${namePrefix}${count++}`, askedMs: clock.monotonicMs(), ...(port && { port }) }
    asked.push(one)
    const body = { [thing.one]: { ...thing.body(place, port), [thing.nameField]: one.name } }
    // Every other one carries a key of its own and is repeated; of the rest the balancer's key must take care.
    const marks = count % 2 === 0 ? { key: ids.uuid() } : {}
    const send = async () => accepted(one, ledger.keep(await call('POST', thing.collection, body, marks)))
    await ('key' in marks ? repeats.twice(send) : send())
  }
  const remove = async (one: Asked) => {
    one.deleteAskedMs = clock.monotonicMs()
    const answer = ledger.keep(await call('DELETE', `${things[one.kind].collection}/${one.id}`))
    if (answer.status !== 204) return
    Object.assign(one, { deleteAcceptedMs: answer.endedMs, ...(one.kind !== 'server' && { goneMs: answer.endedMs }) })
  }
  const removeServer = () => {
    const server = asked.find((one) => one.kind === 'server' && isThere(one))
    return server && remove(server)
  }
  const kinds = place.outsideId === undefined ? others.filter((kind) => kind !== 'floating IP') : others
  const removeOther = (turn: number) => {
    const kind = kinds[turn % kinds.length]!
    const there = asked.filter((one) => one.kind === kind && isThere(one))
    const free = there.length > standing ? there.find((one) => !leadsTo(asked, one)) : undefined
    return free && remove(free)
  }
  // Deletes have twice the turns, so that they keep up with creates after a pause.
  const loops = [
    steadily(pace.servers, () => (asked.filter(isPending).length < mostPending * share ? create('server') : undefined)),
    steadily(pace.servers * 2, removeServer),
    steadily(pace.others, (turn) => create(kinds[turn % kinds.length]!)),
    steadily(pace.others * 2, removeOther),
    steadily(pace.reads, async (turn) => ledger.keep(await call('GET', reads[turn % reads.length]!, undefined, { token: tokens.any() }))),
    steadily(pace.logIns, (turn) => tokens.mint(turn)),
  ]
  return {
    ask: (part) => void (share = part),
    create,
    repeat: () => repeats.all(),
    async answered() {
      await Promise.all(running)
    },
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      await Promise.all(running)
    },
  }
}

export interface LoadOptions {
  readonly call: Caller
  readonly ledger: Ledger
  readonly place: Place
}

/** Writes down what a request for a thing was answered with, if that made it. A repeat of the same says nothing new. */
function accepted(one: Asked, answer: Call): Call {
  const id = answer.body?.[things[one.kind].one]?.id as string | undefined
  const isMade = (answer.status === 201 || answer.status === 202) && id !== undefined && one.id === undefined
  if (isMade) Object.assign(one, { id, acceptedMs: answer.endedMs, ...(one.kind !== 'server' && { readyMs: answer.endedMs }) })
  return answer
}

const isThere = (one: Asked): boolean => one.readyMs !== undefined && one.deleteAskedMs === undefined

// A port is left alone until its floating IP is gone: to delete it under a request that binds it would be the drill's own fault.
const leadsTo = (asked: readonly Asked[], port: Asked): boolean => asked.some((one) => one.port === port && one.goneMs === undefined)

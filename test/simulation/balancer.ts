import type { Ids } from '../../src/kernel/clock.ts'
import type { Chance } from './chance.ts'
import type { Reply, Request, SimulatedController } from './controller.ts'
import type { Life } from './stage.ts'

/** One request of a client and what came of it at last. */
export interface Exchange {
  readonly client: string
  readonly request: Request
  readonly reply: Reply
}

export interface Balancer {
  /** Asks until there is an answer. A request whose server dies or is silent goes to another one, with the same key. */
  call(client: Life, method: Request['method'], path: string, body?: unknown): Promise<Reply>
  readonly exchanges: readonly Exchange[]
}

/** How long a server may take to answer, in milliseconds. */
const answerTimeoutMs = 10_000

export interface BalancerParts {
  readonly chance: Chance
  readonly ids: Ids
  /** Those that live; a frozen one lives too. */
  controllers(): readonly SimulatedController[]
  /** How often a request goes to two servers at once, as it does when the first is slow; from 0 to 1. */
  readonly repeats: number
  /** Whether every attempt of one request brings the same key. */
  readonly keys: boolean
}

export function openBalancer({ chance, ids, controllers, repeats, keys }: BalancerParts): Balancer {
  const exchanges: Exchange[] = []

  const attempt = async (client: Life, request: Request): Promise<Reply | undefined> => {
    const able = controllers()
    if (able.length === 0) return undefined
    const chosen = chance.oneOf(able)
    const enough = new AbortController()
    const late = client.clock.sleep(answerTimeoutMs, enough.signal).catch(() => {})
    const reply = await Promise.race([chosen.serve(request), chosen.life.death, late])
    enough.abort()
    return reply ?? undefined
  }

  const persist = async (client: Life, request: Request): Promise<Reply> => {
    for (;;) {
      const reply = await attempt(client, keys ? request : { ...request, key: ids.uuid() })
      if (reply && reply.status !== 503) return reply
      await client.clock.sleep(reply ? 2000 : 100)
    }
  }

  return {
    exchanges,
    async call(client, method, path, body) {
      const request: Request = { method, path, body, key: ids.uuid() }
      const [reply, repeated] = await Promise.all([
        persist(client, request),
        chance.happens(repeats) ? persist(client, request) : undefined,
      ])
      exchanges.push({ client: client.name, request, reply })
      if (repeated && repeated.status !== reply.status)
        exchanges.push({ client: client.name, request, reply: { status: 599, body: `a repeat is answered with ${repeated.status}` } })
      return reply
    },
  }
}

import { call } from '../embedded/call.ts'
import type { Clock } from '../kernel/clock.ts'
import { hostOf, urlPerHost } from '../kernel/messaging/hosts.ts'
import { bellExchange, openRabbitSession } from '../kernel/messaging/rabbitmq-session.ts'

/** One broker, as it answers. */
export interface QueueHost {
  readonly host: string
  /** Why it can't be used. */
  readonly problem?: string
  /** Takes nothing in, for lack of memory or disk. */
  readonly blocked: boolean
  /** What its management API tells of all members; undefined where it has none. */
  readonly members: readonly QueueMember[] | undefined
}

export interface QueueMember {
  readonly name: string
  readonly running: boolean
  readonly alarm: boolean
  readonly partitioned: boolean
}

/** How long a blocked broker takes to say so. */
const blockedWithinMs = 300
const managementPort = 15_672

/** Asks every broker that the URL names. Never rejects. */
export const queueFactsOf = async (url: string, clock: Clock): Promise<QueueHost[]> =>
  Promise.all(
    urlPerHost(url).map(async (one) => {
      const [session, members] = await Promise.all([tryHost(one, clock), membersAt(one)])
      return { host: hostOf(one), members, ...session }
    }),
  )

async function tryHost(url: string, clock: Clock): Promise<{ blocked: boolean; problem?: string }> {
  try {
    const session = await openRabbitSession({
      url,
      name: 'skykeel doctor',
      clock,
      signal: new AbortController().signal,
      prepare: async () => {},
    })
    // A broker tells those who send that it is blocked. Nobody listens for this bell.
    await session.channel.basicPublish({ exchange: bellExchange, routingKey: 'doctor' }, '')
    await clock.sleep(blockedWithinMs)
    const blocked = session.isBlocked()
    session.drop(new Error('seen enough'))
    return { blocked }
  } catch (error) {
    return { blocked: false, problem: (error as Error).message }
  }
}

async function membersAt(url: string): Promise<readonly QueueMember[] | undefined> {
  const { hostname, username, password } = new URL(url)
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
  const answer = await call(`http://${hostname}:${managementPort}/api/nodes`, { headers: { authorization }, timeoutMs: 2_000 }).catch(
    () => undefined,
  )
  if (answer?.status !== 200 || !Array.isArray(answer.body)) return undefined
  return answer.body.map((node) => ({
    name: String(node.name),
    running: node.running === true,
    alarm: node.mem_alarm === true || node.disk_free_alarm === true,
    partitioned: Array.isArray(node.partitions) && node.partitions.length > 0,
  }))
}

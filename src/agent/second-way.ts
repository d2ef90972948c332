import type { Clock, Ids } from '../kernel/clock.ts'
import { firstToSucceed } from '../kernel/first-to-succeed.ts'
import type { Log } from '../kernel/log.ts'
import type { Message } from '../kernel/messaging/messaging.ts'
import type { SecondWay } from '../kernel/messaging/second-way.ts'
import { agentsPrefix } from '../topology/agents-door.ts'
import { ordersMailbox } from '../topology/mailboxes.ts'
import { type Asking, openAsking } from './asking.ts'

export interface SecondWayOptions {
  /** Where controllers are: http://10.0.0.11:7771. Asked in turn, beginning with the one that answered last. */
  readonly urls: readonly string[]
  /** The hosts of this agent, with the key of each. */
  readonly hosts: readonly { readonly name: string; readonly key: string }[]
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** A controller that is cut off says nothing: after so long another one is asked as well. What both of them take is taken once. */
const headStartMs = 1000
const askTimeoutMs = 2000
/** A report is answered once the saga has taken it in. */
const sendTimeoutMs = 10_000

/** An agent's end of the second way: over HTTP to whichever controller answers. */
export function askControllers({ urls, hosts, clock, ids, log }: SecondWayOptions): SecondWay {
  let first = Math.floor(ids.chance() * urls.length)
  let isReached = true

  async function call(host: SecondWayOptions['hosts'][number], path: string, body: unknown, timeoutMs: number): Promise<Response> {
    const askOne = async (url: string, losing: AbortSignal) => {
      const signal = AbortSignal.any([losing, AbortSignal.timeout(timeoutMs)])
      try {
        return {
          url,
          answer: await post(`${url}${agentsPrefix}/${encodeURIComponent(host.name)}/${path}`, { key: host.key, body, signal }),
        }
      } catch (error) {
        throw new Error(`${url}: ${(error as Error).message}`, { cause: error })
      }
    }
    try {
      const { url, answer } = await firstToSucceed([...urls.slice(first), ...urls.slice(0, first)], { headStartMs, attempt: askOne })
      first = urls.indexOf(url)
      isReached = true
      return answer
    } catch (error) {
      const problems = (error as AggregateError).errors.map(({ message }: Error) => message)
      if (isReached) log.warn({ host: host.name, problems }, 'no controller takes what this host brings')
      isReached = false
      throw new Error(`no controller answers: ${problems.join('; ')}`, { cause: error })
    }
  }

  return {
    async send(mailbox, { id, body }) {
      await call(hosts[0]!, `mailboxes/${encodeURIComponent(mailbox)}`, { id, body }, sendTimeoutMs)
    },
    async receive(mailbox, options, handle, isQueueAway) {
      const host = hosts.find(({ name }) => ordersMailbox(name) === mailbox)
      if (!host) throw new Error(`${mailbox} is the mailbox of no host here`)
      const ask = async (asking: Asking): Promise<readonly Message[]> => {
        const answer = await call(host, 'orders', asking, askTimeoutMs)
        return ((await answer.json()) as { messages: Message[] }).messages
      }
      return openAsking({ ask, options, handle, isQueueAway, clock, log })
    },
  }
}

async function post(url: string, { key, body, signal }: { key: string; body: unknown; signal: AbortSignal }): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    signal,
  })
  if (answer.ok) return answer
  await answer.body?.cancel()
  throw new Error(`it answers ${answer.status}`)
}

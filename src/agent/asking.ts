import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Message, ReceiveOptions, Subscription } from '../kernel/messaging/messaging.ts'

/** How often a host asks while its orders must be expected here. */
const askEveryMs = 500
/** How often otherwise: a controller may have lost the queue while this agent has it. */
const idleEveryMs = 5000
/** How long it goes on asking often after the queue is back, or an order was found: others may notice the queue's return later. */
const lingerMs = 5000

/** What a host tells when it asks: what it has finished with, what it is at, and how much more it can take. */
export interface Asking {
  readonly done: readonly string[]
  readonly held: readonly string[]
  readonly limit: number
}

interface AskingOptions {
  readonly ask: (asking: Asking) => Promise<readonly Message[]>
  readonly options: ReceiveOptions
  readonly handle: (message: Message) => Promise<void>
  readonly isQueueAway: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Asks again and again, often while that pays. A message that fails is asked for again. */
export function openAsking({ ask, options, handle, isQueueAway, clock, log }: AskingOptions): Subscription {
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  const done = new Set<string>()
  let busyMs = -Infinity
  let askedMs = clock.monotonicMs()
  /** The last answer was as long as it could be, so that there may be more. */
  let isMore = false
  let wake = () => {}

  const start = (message: Message) => {
    const work = handle(message)
      .then(
        () => void done.add(message.id),
        (error: Error) => {
          // It is asked for again, but not at once.
          isMore = false
          log.warn({ id: message.id, reason: error.message }, 'a message is not handled')
        },
      )
      .finally(() => {
        running.delete(message.id)
        if (isMore) wake()
      })
    running.set(message.id, work)
  }
  const look = async () => {
    const now = clock.monotonicMs()
    if (isQueueAway()) busyMs = now
    if (!isMore && now - busyMs > lingerMs && now - askedMs < idleEveryMs) return
    askedMs = now
    const told = [...done]
    const limit = options.concurrency - running.size
    const messages = await ask({ done: told, held: [...running.keys()], limit })
    for (const id of told) done.delete(id)
    if (messages.length > 0) busyMs = now
    isMore = messages.length === limit
    if (!stopping.signal.aborted) messages.forEach(start)
  }
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      // Whoever could not be asked is asked again.
      await look().catch(() => (isMore = false))
      if (isMore && running.size < options.concurrency) continue
      const pausing = new AbortController()
      wake = () => pausing.abort()
      await clock.sleep(askEveryMs, AbortSignal.any([pausing.signal, stopping.signal])).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await looking
      await Promise.all(running.values())
    },
  }
}

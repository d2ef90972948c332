import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { encodeMessage } from './message-rules.ts'
import type { Message, Messaging, ReceiveOptions, Subscription } from './messaging.ts'

/** Another way for messages: slower than the queue, and there while the queue is away. It delivers at least once too, and in any order. */
export interface SecondWay {
  /** Resolves when the message is as safe as one that the queue has confirmed. */
  send(mailbox: string, message: Message): Promise<void>
  /** Takes what comes by this way. `isQueueAway`: whether messages must be expected here, and not only what was left over. */
  receive(
    mailbox: string,
    options: ReceiveOptions,
    handle: (message: Message) => Promise<void>,
    isQueueAway: () => boolean,
  ): Promise<Subscription>
}

/** A queue that has not confirmed by then gets no more to carry until it has shown that it can. Making a new mailbox takes more than a second. */
const confirmMs = 2000
/** How often a send that waits for it looks whether the queue is still there. */
const lookEveryMs = 100
/** How often a queue that failed is tried with a message that takes the second way anyway. */
const tryAgainMs = 1000

/**
 * A queue with a second way beside it. While the queue is well, nothing takes the second way but messages sent again. While it is not, or
 * has just failed, no send waits for it.
 */
export function withSecondWay(queue: Messaging, way: SecondWay, { clock, log }: { clock: Clock; log: Log }): Messaging {
  /** When the queue failed last, or was tried since; undefined while it is trusted. */
  let doubtedMs: number | undefined
  const isQueueAway = () => !queue.healthy() || doubtedMs !== undefined

  async function byQueue(mailbox: string, message: Message): Promise<boolean> {
    try {
      await unlessAway(queue.send(mailbox, message))
      if (doubtedMs !== undefined) log.info({ mailbox }, 'the message queue carries messages again')
      doubtedMs = undefined
      return true
    } catch (error) {
      if (doubtedMs === undefined) log.warn({ mailbox, reason: (error as Error).message }, 'messages take the second way')
      doubtedMs = clock.monotonicMs()
      return false
    }
  }

  /** Gives up as soon as the connection is lost, or when the queue keeps silent: it may do what it was asked for all the same, later. */
  async function unlessAway(sent: Promise<void>): Promise<void> {
    const settled = new AbortController()
    const away = (async () => {
      const begunMs = clock.monotonicMs()
      while (queue.healthy() && clock.monotonicMs() - begunMs < confirmMs) await clock.sleep(lookEveryMs, settled.signal)
      throw new Error(queue.healthy() ? `the message queue does not confirm within ${confirmMs} ms` : 'the message queue is away')
    })()
    away.catch(() => {})
    await Promise.race([sent, away]).finally(() => settled.abort())
  }

  return {
    ring: (role) => queue.ring(role),
    listen: (roles, onRing) => queue.listen(roles, onRing),
    async send(mailbox, message) {
      // What no way could carry is refused, not carried the other way.
      encodeMessage(mailbox, message)
      if (!isQueueAway()) {
        const sent = byQueue(mailbox, message)
        if (!message.again && (await sent)) return
      } else if (queue.healthy() && clock.monotonicMs() - doubtedMs! >= tryAgainMs) {
        doubtedMs = clock.monotonicMs()
        void byQueue(mailbox, message)
      }
      await way.send(mailbox, message)
    },
    async receive(mailbox, options, handle) {
      const both = await Promise.all([queue.receive(mailbox, options, handle), way.receive(mailbox, options, handle, isQueueAway)])
      return { stop: async () => void (await Promise.all(both.map((one) => one.stop()))) }
    },
    healthy: () => queue.healthy(),
    close: () => queue.close(),
  }
}

import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { encodeMessage } from './message-rules.ts'
import type { Message, Messaging, ReceiveOptions, Subscription } from './messaging.ts'
import { withDeadline } from './waiting.ts'

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
      await withDeadline(clock, confirmMs, `sending message ${message.id} to ${mailbox}`, queue.send(mailbox, message))
      if (doubtedMs !== undefined) log.info({ mailbox }, 'the message queue carries messages again')
      doubtedMs = undefined
      return true
    } catch (error) {
      if (doubtedMs === undefined) log.warn({ mailbox, reason: (error as Error).message }, 'messages take the second way')
      doubtedMs = clock.monotonicMs()
      return false
    }
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

import type { AsyncMessage, Channel } from 'rabbitmq-client'
import type { Clock, Ids } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Kept } from './keep-open.ts'
import { deadOf, defaultMaxDeliveries, isDead } from './message-rules.ts'
import type { Message, ReceiveOptions, Subscription } from './messaging.ts'
import { idHeader, type RabbitLetter } from './rabbitmq-outbox.ts'
import type { RabbitSession } from './rabbitmq-session.ts'
import { pause, pauseMs, withDeadline } from './waiting.ts'

interface Receiver {
  readonly mailbox: string
  readonly concurrency: number
  readonly maxDeliveries: number
  readonly handle: (message: Message) => Promise<void>
  readonly running: Set<Promise<void>>
  /** Names this receiver on the channel, whichever that is. */
  readonly tag: string
  readonly stopping: AbortController
  channel: Channel | undefined
}

/** A broker that has not begun to deliver by then may be unable to serve this mailbox. */
const consumeTimeoutMs = 10_000

interface MailboxesOptions {
  readonly line: Kept<RabbitSession>
  /** Sends a message that nobody could handle to where it is set aside. */
  readonly send: (letter: RabbitLetter) => Promise<void>
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** The receivers of one process, each on a channel of its own: a mailbox that the broker can not serve keeps no other from its messages. */
export function openRabbitMailboxes({ line, send, clock, ids, log }: MailboxesOptions) {
  const receivers = new Set<Receiver>()

  /** Receives as long as the connection lasts: again when the broker refuses, or takes the queue away. */
  async function attach(session: RabbitSession, receiver: Receiver) {
    const { mailbox, stopping } = receiver
    for (let attempt = 1; !stopping.signal.aborted && session === line.current(); attempt++) {
      try {
        await withDeadline(clock, consumeTimeoutMs, `receiving from ${mailbox}`, consume(session, receiver))
        return
      } catch (error) {
        void receiver.channel?.close()
        receiver.channel = undefined
        if (session !== line.current()) return
        log.warn({ mailbox, reason: (error as Error).message }, 'a mailbox can not be received')
        await pause(clock, pauseMs(ids, attempt), stopping.signal)
      }
    }
  }

  async function consume(session: RabbitSession, receiver: Receiver) {
    await session.declareMailbox(receiver.mailbox)
    const channel = await session.openChannel()
    receiver.channel = channel
    channel.once('basic.cancel', () => {
      session.forgetMailbox(receiver.mailbox)
      void channel.close()
    })
    await channel.basicQos({ prefetchCount: receiver.concurrency })
    await channel.basicConsume({ queue: receiver.mailbox, consumerTag: receiver.tag }, (delivery) => start(channel, receiver, delivery))
    // The broker may say yes after we have given up on it.
    if (receiver.channel !== channel) return void channel.close()
    channel.once('close', () => void attach(session, receiver))
  }

  function start(channel: Channel, receiver: Receiver, delivery: AsyncMessage) {
    const settle = (keep: boolean) => {
      // On a channel that is gone this says nothing to nobody, and the message comes again.
      if (!channel.active) return
      if (keep) channel.basicNack({ deliveryTag: delivery.deliveryTag, requeue: true })
      else channel.basicAck({ deliveryTag: delivery.deliveryTag })
    }
    if (receiver.stopping.signal.aborted) return settle(true)
    const work = attend(receiver, delivery)
      .then(settle)
      .finally(() => receiver.running.delete(work))
    receiver.running.add(work)
  }

  /** Handles a delivery; says whether the queue shall keep the message. */
  async function attend(receiver: Receiver, delivery: AsyncMessage): Promise<boolean> {
    const { mailbox, maxDeliveries } = receiver
    const id = String(delivery.headers?.[idHeader] ?? delivery.messageId ?? '')
    const count = Number(delivery.headers?.['x-delivery-count'] ?? 0) + 1
    const mayDie = !isDead(mailbox)
    if (mayDie && count > maxDeliveries) return bury(mailbox, id, delivery)
    try {
      await receiver.handle({ id, body: delivery.body })
      return false
    } catch (error) {
      log.warn({ mailbox, id, delivery: count, err: error }, 'a message is not handled')
      if (mayDie && count >= maxDeliveries) return bury(mailbox, id, delivery)
      await pause(clock, pauseMs(ids, count), receiver.stopping.signal)
      return true
    }
  }

  async function bury(mailbox: string, id: string, { body }: AsyncMessage): Promise<boolean> {
    try {
      await send({ id, mailbox: deadOf(mailbox), text: JSON.stringify(body) })
      return false
    } catch (error) {
      log.warn({ mailbox, id, reason: (error as Error).message }, 'a message cannot be set aside and will come again')
      return true
    }
  }

  async function stop(receiver: Receiver) {
    receiver.stopping.abort()
    receivers.delete(receiver)
    await receiver.channel?.basicCancel(receiver.tag).catch(() => {})
    await Promise.all(receiver.running)
    await receiver.channel?.close()
  }

  return {
    /** A new connection is there. */
    connected(session: RabbitSession) {
      for (const receiver of receivers) void attach(session, receiver)
    },
    receive(
      mailbox: string,
      { concurrency, maxDeliveries = defaultMaxDeliveries }: ReceiveOptions,
      handle: Receiver['handle'],
    ): Subscription {
      const receiver: Receiver = {
        mailbox,
        concurrency,
        maxDeliveries,
        handle,
        running: new Set(),
        tag: ids.uuid(),
        stopping: new AbortController(),
        channel: undefined,
      }
      receivers.add(receiver)
      const session = line.current()
      if (session) void attach(session, receiver)
      return { stop: () => stop(receiver) }
    },
    async stopAll() {
      await Promise.all([...receivers].map(stop))
    },
  }
}

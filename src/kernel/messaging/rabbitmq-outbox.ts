import type { Channel } from 'rabbitmq-client'
import type { Clock, Ids } from '../clock.ts'
import type { Kept } from './keep-open.ts'
import type { RabbitSession } from './rabbitmq-session.ts'
import { throughOutages } from './through-outages.ts'
import { DeadlinePassed, withDeadline } from './waiting.ts'

/** A message as it goes over the wire. */
export interface RabbitLetter {
  readonly id: string
  readonly mailbox: string
  readonly text: string
}

/** Carries the message's id: the properties that AMQP has for it hold 255 bytes only. */
export const idHeader = 'skykeel-id'

interface OutboxOptions {
  readonly line: Kept<RabbitSession>
  readonly clock: Clock
  readonly ids: Ids
  readonly timeoutMs: number
}

// A message that the broker could not put into any queue comes back, and is confirmed all the same.
const returned = new WeakMap<Channel, Set<string>>()

/** Sets a channel up for sending: with confirms, and with an eye on what comes back. */
export async function prepareSending(channel: Channel): Promise<void> {
  const ids = new Set<string>()
  returned.set(channel, ids)
  channel.on('basic.return', ({ headers, routingKey }) => ids.add(`${routingKey} ${headers?.[idHeader]}`))
  await channel.confirmSelect()
}

/** Sends letters; resolves when the broker has confirmed that a queue has it. Goes on through lost connections for as long as it may. */
export function openRabbitOutbox({ line, clock, ids, timeoutMs }: OutboxOptions): (letter: RabbitLetter) => Promise<void> {
  let confirmedMs = 0

  /** A broker that has confirmed nothing for so long may be frozen; one mailbox that is stuck is no reason to leave it. */
  function late(session: RabbitSession, error: DeadlinePassed) {
    if (clock.monotonicMs() - confirmedMs > timeoutMs && !session.isBlocked()) session.drop(error)
  }

  return (letter) =>
    throughOutages({ line, clock, ids, timeoutMs }, async (session, leftMs) => {
      try {
        await withDeadline(clock, leftMs, `sending message ${letter.id} to ${letter.mailbox}`, publish(session, letter))
        confirmedMs = clock.monotonicMs()
      } catch (error) {
        if (error instanceof DeadlinePassed) late(session, error)
        throw error
      }
    })
}

async function publish(session: RabbitSession, { id, mailbox, text }: RabbitLetter): Promise<void> {
  await session.declareMailbox(mailbox)
  const envelope = { routingKey: mailbox, mandatory: true, durable: true, contentType: 'application/json', headers: { [idHeader]: id } }
  await session.channel.basicPublish(envelope, Buffer.from(text))
  // What came back is told one turn of the event loop after its confirm.
  await new Promise((resolve) => setImmediate(resolve))
  if (!returned.get(session.channel)?.delete(`${mailbox} ${id}`)) return
  session.forgetMailbox(mailbox)
  throw new Error(`the mailbox ${mailbox} was removed meanwhile`)
}

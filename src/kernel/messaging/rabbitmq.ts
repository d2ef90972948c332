import { openBells } from './bells.ts'
import { urlPerHost } from './hosts.ts'
import { keepOpen } from './keep-open.ts'
import { checkName, encodeMessage } from './message-rules.ts'
import type { Messaging, MessagingOptions } from './messaging.ts'
import { openRabbitHearing, openRabbitRinger } from './rabbitmq-bells.ts'
import { openRabbitMailboxes } from './rabbitmq-mailboxes.ts'
import { openRabbitOutbox, prepareSending, type RabbitLetter } from './rabbitmq-outbox.ts'
import { openRabbitSession, type RabbitSession } from './rabbitmq-session.ts'

const firstConnectionMs = 2000

/**
 * Messaging on RabbitMQ 3.10 and later: mailboxes are quorum queues, a bell is a message that may be lost. Two connections a process: one
 * sends, one receives, since a broker that is short of memory stops reading from those who send. Opens even when no broker is there.
 */
export async function openRabbitMessaging(options: MessagingOptions): Promise<Messaging> {
  const { clock, ids, log, confirmTimeoutMs = 5000 } = options
  const urls = urlPerHost(options.url)
  const sending = new Set<Promise<void>>()
  const bells = openBells(log)
  const hearing = openRabbitHearing(bells, ids)

  const sender = keepOpen<RabbitSession>({
    name: 'rabbitmq sender',
    urls,
    open: (url, signal) => openRabbitSession({ url, name: 'skykeel sender', clock, signal, prepare: prepareSending }),
    onUp: () => {},
    clock,
    ids,
    log,
  })
  const receiver = keepOpen<RabbitSession>({
    name: 'rabbitmq receiver',
    urls,
    open: (url, signal) => openRabbitSession({ url, name: 'skykeel receiver', clock, signal, prepare: hearing.prepare }),
    onUp: (session) => {
      bells.rangAll()
      mailboxes.connected(session)
    },
    clock,
    ids,
    log,
  })
  const ring = openRabbitRinger(sender, log)
  const post = openRabbitOutbox({ line: sender, clock, ids, timeoutMs: confirmTimeoutMs })
  const mailboxes = openRabbitMailboxes({ line: receiver, send: tracked, clock, ids, log })

  async function tracked(letter: RabbitLetter) {
    const work = post(letter)
    sending.add(work)
    await work.finally(() => sending.delete(work))
  }

  await Promise.allSettled([sender.ready(firstConnectionMs), receiver.ready(firstConnectionMs)])
  return {
    ring,
    listen: async (roles, onRing) => {
      const subscription = bells.add(roles, onRing)
      // A connection that is lost just now hears the new roles when it is made again.
      await hearing.add(receiver.current(), roles).catch(() => {})
      return subscription
    },
    send: async (mailbox, message) => tracked({ id: message.id, mailbox, text: encodeMessage(mailbox, message) }),
    receive: async (mailbox, settings, handle) => {
      checkName(mailbox)
      return mailboxes.receive(mailbox, settings, handle)
    },
    healthy: () => [sender.current(), receiver.current()].every((session) => session !== undefined && !session.isBlocked()),
    close: async () => {
      await mailboxes.stopAll()
      await Promise.allSettled(sending)
      await Promise.all([sender.close(), receiver.close()])
    },
  }
}

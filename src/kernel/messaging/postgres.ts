import { openBells } from './bells.ts'
import { urlPerHost } from './hosts.ts'
import { keepOpen } from './keep-open.ts'
import { checkName, encodeMessage } from './message-rules.ts'
import type { Messaging, MessagingOptions } from './messaging.ts'
import { openClaims } from './postgres-claims.ts'
import { openMailboxes } from './postgres-mailboxes.ts'
import { openOutbox } from './postgres-outbox.ts'
import { openRinger } from './postgres-ring.ts'
import { openPostgresSession } from './postgres-session.ts'
import type { PostgresSession } from './postgres-session.ts'
import { bellChannel, mailChannel, showLife } from './postgres-statements.ts'
import { withDeadline } from './waiting.ts'

/** Settings of the postgres driver. Leases and polls are for tests to shorten. */
export interface PostgresMessagingOptions extends MessagingOptions {
  /** How long a message stays with a receiver that gives no sign of life. Default 5000. */
  readonly leaseMs?: number
  /** How often mailboxes are looked at when no notification comes. Default 1000. */
  readonly pollMs?: number
}

const firstConnectionMs = 2000
const setUpMs = 2000

/**
 * Messaging on PostgreSQL, for clouds without a broker: LISTEN/NOTIFY is the bell, the table `kernel_messages` the mailbox.
 * Two connections a process, apart from the services' own: one hears, one acts. Opens even when the database is down.
 */
export async function openPostgresMessaging(options: PostgresMessagingOptions): Promise<Messaging> {
  const { clock, ids, log, confirmTimeoutMs = 5000, leaseMs = 5000, pollMs = 1000 } = options
  const urls = urlPerHost(options.url)
  const closing = new AbortController()
  const closed = closing.signal
  const lock = ids.bytes(4).readInt32BE() & 0x7fffffff
  const sending = new Set<Promise<void>>()

  const open = (prepare: (session: PostgresSession) => Promise<unknown>) => async (url: string, signal: AbortSignal) => {
    const session = await openPostgresSession({ url, clock, signal, onNotify: heard })
    try {
      await prepare(session)
    } catch (error) {
      session.drop(error as Error)
      throw error
    }
    return session
  }
  const hearing = keepOpen<PostgresSession>({
    name: 'postgres bell',
    urls,
    open: open((session) => session.run({ name: '', text: `listen ${bellChannel}; listen ${mailChannel}` }, [], setUpMs)),
    onUp: () => {
      bells.rangAll()
      mailboxes.arrived()
    },
    clock,
    ids,
    log,
  })
  const acting = keepOpen<PostgresSession>({
    name: 'postgres mailbox',
    urls,
    open: open((session) => session.run(showLife, [lock], setUpMs)),
    onUp: () => mailboxes.arrived(),
    clock,
    ids,
    log,
  })
  const bells = openBells(log)
  const claims = openClaims({ line: acting, leaseMs, clock, ids, log, closed })
  const mailboxes = openMailboxes({ line: acting, claims, lock, leaseMs, pollMs, clock, ids, log, closed })
  const ring = openRinger(acting, log)
  const store = openOutbox({ line: acting, clock, ids, timeoutMs: confirmTimeoutMs })

  function heard(channel: string, payload: string) {
    if (channel === bellChannel) bells.rang(payload)
    else mailboxes.arrived(payload)
  }

  async function send(mailbox: string, id: string, text: string) {
    await withDeadline(clock, confirmTimeoutMs, `sending message ${id} to ${mailbox}`, store({ id, mailbox, text }))
  }

  await Promise.allSettled([hearing.ready(firstConnectionMs), acting.ready(firstConnectionMs)])
  return {
    ring,
    listen: async (roles, onRing) => bells.add(roles, onRing),
    send: async (mailbox, message) => {
      const work = send(mailbox, message.id, encodeMessage(mailbox, message))
      sending.add(work)
      await work.finally(() => sending.delete(work))
    },
    receive: async (mailbox, settings, handle) => {
      checkName(mailbox)
      return mailboxes.receive(mailbox, settings, handle)
    },
    healthy: () => hearing.current() !== undefined && acting.current() !== undefined,
    close: async () => {
      await mailboxes.stopAll()
      await Promise.allSettled(sending)
      closing.abort()
      await Promise.all([hearing.close(), acting.close()])
    },
  }
}

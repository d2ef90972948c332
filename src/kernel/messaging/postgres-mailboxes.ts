import type { Clock, Ids } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Kept } from './keep-open.ts'
import { defaultMaxDeliveries, isDead } from './message-rules.ts'
import type { Message, ReceiveOptions, Subscription } from './messaging.ts'
import type { Claim, Claims } from './postgres-claims.ts'
import type { PostgresSession } from './postgres-session.ts'
import { claimMessages } from './postgres-statements.ts'
import { pause, pauseMs } from './waiting.ts'

interface Receiver {
  readonly mailbox: string
  readonly concurrency: number
  readonly maxDeliveries: number
  readonly handle: (message: Message) => Promise<void>
  readonly running: Set<Promise<void>>
  /** There may be a message to claim. */
  knocked: boolean
  stopped: boolean
}

interface Row extends Claim {
  readonly place: number
  readonly id: string
  readonly body: unknown
}

interface MailboxesOptions {
  readonly line: Kept<PostgresSession>
  readonly claims: Claims
  readonly lock: number
  readonly leaseMs: number
  readonly pollMs: number
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly closed: AbortSignal
}

/** The receivers of one process. One statement claims for all of them, so that a process with a thousand mailboxes costs what one with a few does. */
export function openMailboxes(options: MailboxesOptions) {
  const { line, claims, clock, ids, log, closed } = options
  const receivers = new Set<Receiver>()
  let claiming: Promise<void> | undefined
  const isHungry = (receiver: Receiver) => receiver.knocked && !receiver.stopped && receiver.running.size < receiver.concurrency

  function knock(which: (receiver: Receiver) => boolean = () => true) {
    for (const receiver of receivers) if (which(receiver)) receiver.knocked = true
    claiming ??= claimAll().finally(() => {
      claiming = undefined
      // Who knocked just as the last claim ended has not been looked at.
      if ([...receivers].some(isHungry)) knock(() => false)
    })
  }

  async function claimAll() {
    for (let hungry = [...receivers].filter(isHungry); hungry.length > 0; hungry = [...receivers].filter(isHungry)) {
      for (const receiver of hungry) receiver.knocked = false
      try {
        await claim(hungry)
      } catch (error) {
        // The next poll tries again.
        return log.debug({ reason: (error as Error).message }, 'messages cannot be claimed')
      }
    }
  }

  async function claim(hungry: readonly Receiver[]) {
    const session = line.current()
    if (!session) return
    const slots = hungry.map(({ concurrency, running }) => concurrency - running.size)
    const values = [hungry.map(({ mailbox }) => mailbox), slots, options.leaseMs, options.lock]
    const rows = await session.run<Row>(claimMessages, values, options.leaseMs)
    rows.sort((a, b) => (BigInt(a.seq) < BigInt(b.seq) ? -1 : 1))
    for (const [place, receiver] of hungry.entries()) {
      const mine = rows.filter((row) => row.place === place)
      if (mine.length === slots[place]) receiver.knocked = true
      for (const row of mine) start(receiver, row)
    }
  }

  function start(receiver: Receiver, row: Row) {
    claims.hold(row)
    const work = attend(receiver, row).finally(() => {
      receiver.running.delete(work)
      if (receiver.knocked) knock(() => false)
    })
    receiver.running.add(work)
  }

  async function attend(receiver: Receiver, row: Row) {
    const { mailbox, maxDeliveries } = receiver
    const mayDie = !isDead(mailbox)
    // Claimed while the receiver stopped, or by receivers that died of it once too often.
    if (receiver.stopped) return claims.giveBack(row, 0)
    if (mayDie && row.attempts > maxDeliveries) return claims.bury(row, mailbox)
    try {
      await receiver.handle({ id: row.id, body: row.body })
    } catch (error) {
      log.warn({ mailbox, id: row.id, delivery: row.attempts, err: error }, 'a message is not handled')
      if (mayDie && row.attempts >= maxDeliveries) return claims.bury(row, mailbox)
      const ms = pauseMs(ids, row.attempts)
      await claims.giveBack(row, ms)
      void pause(clock, ms, closed).then((due) => due && knock((one) => one === receiver))
      return
    }
    await claims.handled(row)
  }

  async function poll() {
    while (await pause(clock, options.pollMs * (0.75 + ids.chance() / 2), closed)) knock()
  }
  void poll()

  return {
    /** A message came to a mailbox, or, without one, may have come to any. */
    arrived(mailbox?: string) {
      knock((receiver) => mailbox === undefined || receiver.mailbox === mailbox)
    },
    receive(
      mailbox: string,
      { concurrency, maxDeliveries = defaultMaxDeliveries }: ReceiveOptions,
      handle: Receiver['handle'],
    ): Subscription {
      const receiver: Receiver = { mailbox, concurrency, maxDeliveries, handle, running: new Set(), knocked: true, stopped: false }
      receivers.add(receiver)
      knock(() => false)
      return { stop: () => stop(receiver) }
    },
    async stopAll() {
      await Promise.all([...receivers].map(stop))
    },
  }

  async function stop(receiver: Receiver) {
    receiver.stopped = true
    receivers.delete(receiver)
    await claiming
    await Promise.all(receiver.running)
  }
}

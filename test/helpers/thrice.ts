import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import type { Message, Messaging } from '../../src/kernel/messaging/messaging.ts'
import { hostsMailbox, ordersMailbox } from '../../src/topology/mailboxes.ts'

/** How late a copy may be, in milliseconds: long after what was ordered next. */
const latestMs = 1500

/** A queue that does the worst which its contract allows. */
export interface Thrice {
  /** Messages so far, each counted once. */
  readonly sent: number
  /** Whether the queue has every copy, and hosts have handled every copy of their orders. */
  isQuiet(): boolean
}

/** Makes a queue deliver every message three times, at moments of chance, so in any order; heartbeats are left as they are. */
export function deliverThrice(messaging: Messaging): Thrice {
  const { send, receive } = { send: messaging.send.bind(messaging), receive: messaging.receive.bind(messaging) }
  let [sent, late, ordered, handled] = [0, 0, 0, 0]
  const isOrder = (mailbox: string) => mailbox.startsWith(ordersMailbox(''))
  const again = async (mailbox: string, message: Message) => {
    late++
    await systemClock.sleep(systemIds.chance() * latestMs)
    await send(mailbox, message)
    late--
  }
  Object.assign(messaging, {
    async send(mailbox, message) {
      await send(mailbox, message)
      if (mailbox === hostsMailbox) return
      sent++
      if (isOrder(mailbox)) ordered++
      void Promise.all([again(mailbox, message), again(mailbox, message)])
    },
    async receive(mailbox, options, handle) {
      return receive(mailbox, options, async (message) => {
        await handle(message)
        if (isOrder(mailbox)) handled++
      })
    },
  } satisfies Pick<Messaging, 'send' | 'receive'>)
  return {
    isQuiet: () => late === 0 && handled >= 3 * ordered,
    get sent() {
      return sent
    },
  }
}

import type { Context } from '../../kernel/context.ts'
import { keepMessage } from '../../kernel/messaging/kept-messages.ts'
import type { Message } from '../../kernel/messaging/messaging.ts'
import type { SecondWay } from '../../kernel/messaging/second-way.ts'
import { hostsMailbox } from '../../topology/mailboxes.ts'

/** A controller's end of the second way: what it sends is kept in the database until a host asks; what hosts bring is handled at once. */
export interface AgentsWay extends SecondWay {
  /** Handles a message that an agent brought. False: nobody in this process receives that mailbox. */
  deliver(mailbox: string, message: Message): Promise<boolean>
}

/** Opens it. */
export function openAgentsWay(place: Pick<Context, 'db' | 'dialect'>): AgentsWay {
  const receivers = new Map<string, (message: Message) => Promise<void>>()
  const running = new Set<Promise<void>>()
  return {
    async send(mailbox, message) {
      // A conductor's word to conductors asks whether the queue carries words at all; nobody would fetch it here.
      if (mailbox === hostsMailbox) throw new Error(`${mailbox} is reached by the queue alone`)
      await keepMessage(place, mailbox, message)
    },
    async receive(mailbox, _options, handle) {
      receivers.set(mailbox, handle)
      return {
        async stop() {
          receivers.delete(mailbox)
          await Promise.allSettled(running)
        },
      }
    },
    async deliver(mailbox, message) {
      const handle = receivers.get(mailbox)
      if (!handle) return false
      const work = handle(message)
      running.add(work)
      await work.finally(() => running.delete(work))
      return true
    },
  }
}

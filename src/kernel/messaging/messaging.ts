import type { Clock, Ids } from '../clock.ts'
import type { Log } from '../log.ts'

/**
 * What Skykeel asks of a message queue. Two drivers keep this contract (postgres, rabbitmq); one test suite checks both.
 * A bell says only "there is work" and may be lost; a mailbox holds durable messages, delivered at least once.
 */
export interface Messaging {
  /** Rings every (or at least one) listener of a role. Best effort: never throws, never waits long. */
  ring(role: string): void
  /** Calls `onRing` for each bell of these roles; rings may be merged. Reconnects by itself, and then rings once each: one may have been missed. */
  listen(roles: readonly string[], onRing: (role: string) => void): Promise<Subscription>
  /**
   * Stores a message; resolves when the queue has confirmed it, rejects within `confirmTimeoutMs` otherwise. A rejected message
   * may have been stored all the same: send it again with the same id. While the queue is down, a send waits for it within its time.
   */
  send(mailbox: string, message: Message): Promise<void>
  /**
   * Takes messages of a mailbox, at most `concurrency` at once. A message is acknowledged when `handle` resolves and
   * delivered again when it rejects (after a pause that doubles, 50 ms to 2 s) or its receiver dies.
   * After `maxDeliveries` it goes to the mailbox `dead.<mailbox>`, whose own messages never die.
   */
  receive(mailbox: string, options: ReceiveOptions, handle: (message: Message) => Promise<void>): Promise<Subscription>
  /** Whether the queue answered within the last few seconds; for health reports. */
  healthy(): boolean
  /** Stops everything; resolves once handlers that run have ended. */
  close(): Promise<void>
}

/** Whatever JSON can carry, up to 1 MiB. The id (1 to 200 characters) makes a repeat recognisable: the queue itself delivers every copy. */
export interface Message {
  readonly id: string
  readonly body: unknown
  /** Sent before, and nothing came of it: where there is a second way, it takes both now. */
  readonly again?: boolean
}

export interface ReceiveOptions {
  readonly concurrency: number
  /** Deliveries before a message is set aside, those to receivers that died included. Default 20. */
  readonly maxDeliveries?: number
}

export interface Subscription {
  /** Takes no further message; resolves once handlers that run have ended. */
  stop(): Promise<void>
}

/** What both drivers need. The URL may name several hosts, separated by commas: `amqp://user:secret@one,two:5673/vhost`. */
export interface MessagingOptions {
  readonly url: string
  readonly log: Log
  readonly clock: Clock
  readonly ids: Ids
  /** How long a send may take before it is rejected. Default 5000. */
  readonly confirmTimeoutMs?: number
}

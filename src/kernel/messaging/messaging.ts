/**
 * What Skykeel asks of a message queue. Two drivers keep this contract (postgres, rabbitmq); one test suite checks both.
 * A bell says only "there is work" and may be lost; a mailbox holds durable messages, delivered at least once.
 */
export interface Messaging {
  /** Rings every (or at least one) listener of a role. Best effort: never throws, never waits long. */
  ring(role: string): void
  /** Calls `onRing` for each bell of these roles; rings may be merged. Reconnects by itself. */
  listen(roles: readonly string[], onRing: (role: string) => void): Promise<Subscription>
  /** Stores a message; resolves when the queue has confirmed it, rejects within `confirmTimeoutMs` otherwise. */
  send(mailbox: string, message: Message): Promise<void>
  /**
   * Takes messages of a mailbox, at most `concurrency` at once. A message is acknowledged when `handle` resolves and
   * delivered again when it rejects or its receiver dies. After `maxDeliveries` it goes to the mailbox `dead.<mailbox>`.
   */
  receive(mailbox: string, options: ReceiveOptions, handle: (message: Message) => Promise<void>): Promise<Subscription>
  /** Whether the queue answers now; for health reports. */
  healthy(): boolean
  /** Stops everything; resolves once handlers that run have ended. */
  close(): Promise<void>
}

/** Whatever JSON can carry. The id makes a repeat recognisable. */
export interface Message {
  readonly id: string
  readonly body: unknown
}

export interface ReceiveOptions {
  readonly concurrency: number
  readonly maxDeliveries?: number
}

export interface Subscription {
  /** Takes no further message; resolves once handlers that run have ended. */
  stop(): Promise<void>
}

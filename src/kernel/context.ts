import type { Clock, Ids } from './clock.ts'
import type { Log } from './log.ts'
import type { Messaging } from './messaging/messaging.ts'
import type { Dialect } from './sql/dialect.ts'
import type { Db } from './sql/tables.ts'
import type { Vault } from './vault.ts'

/** What every function that does something is given first: the process's parts, and for whom it works now. */
export interface Context {
  readonly db: Db
  readonly dialect: Dialect
  readonly messaging: Messaging
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly vault: Vault
  /** Names one piece of work in every log line, row and message that it causes. */
  readonly requestId: string
  /** Until when this work may wait for a database, on the clock's `monotonicMs`. */
  readonly patienceUntilMs: number
}

/** What work needs that touches nothing but the database. */
export type SqlContext = Omit<Context, 'messaging'>

/**
 * How long a request or a step waits for a writable database before it gives up, in milliseconds: longer than the slowest failover,
 * and less than the half minute that clients commonly wait.
 */
export const patienceMs = 25_000

/** The same context for one more piece of work, with a new patience, of which it has used some, in milliseconds, where it waited before. */
export function forWork<C extends SqlContext>(ctx: C, requestId: string, waitedMs = 0): C {
  const patienceUntilMs = ctx.clock.monotonicMs() + Math.max(0, patienceMs - waitedMs)
  return { ...ctx, requestId, log: ctx.log.child({ request: requestId }), patienceUntilMs }
}

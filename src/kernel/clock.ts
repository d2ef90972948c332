import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** The only source of time in a process. Leases never use it: they live on the database's clock. */
export interface Clock {
  now(): Date
  /** Milliseconds that only ever grow; for durations. */
  monotonicMs(): number
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The only source of identity and chance. */
export interface Ids {
  /** A random UUID with dashes. */
  uuid(): string
  /** A random UUID without dashes, as keystone writes its ids. */
  hex(): string
  /** A number in [0, 1). */
  chance(): number
  /** Unpredictable bytes, for secrets. */
  bytes(length: number): Buffer
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {})
  },
}

export const systemIds: Ids = {
  uuid: () => randomUUID(),
  hex: () => randomUUID().replaceAll('-', ''),
  chance: () => Math.random(),
  bytes: (length) => randomBytes(length),
}

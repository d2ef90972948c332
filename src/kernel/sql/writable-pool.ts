import { systemClock } from '../clock.ts'
import type { DatabaseUrl } from './hosts.ts'

export type DatabaseHost = DatabaseUrl['hosts'][number]

/** How the pool of one family of databases is opened and closed. */
export interface PoolDriver<Pool> {
  /** A pool of connections to this host; connects to nothing yet. */
  open(host: DatabaseHost): Pool
  /** Connects once. Rejects when the host can't be reached, or takes no writes. */
  verify(pool: Pool): Promise<void>
  /** Resolves when all of its connections are closed; those in use end first. */
  close(pool: Pool): Promise<void>
}

/** The pool of that one of several hosts which takes writes. */
export interface WritablePool<Pool> {
  /** The pool in use. Looks for a host first when there is none; rejects when none takes writes just now. */
  current(): Promise<Pool>
  /** Gives a pool up, since its host is gone or takes no more writes: all of its connections lead there. */
  leave(pool: Pool): void
  /** Closes what is open, for good. */
  end(): Promise<void>
}

/** How long a host may be silent before the next one is tried as well, in milliseconds. */
const headStartMs = 300

/** Opens a pool on the first of the hosts that takes writes, and on another when that changes. Many that ask at once cause one search. */
export function openWritablePool<Pool>(hosts: readonly DatabaseHost[], driver: PoolDriver<Pool>): WritablePool<Pool> {
  let found: Promise<Pool> | undefined
  let inUse: Pool | undefined
  let ended = false
  const drop = async (pool: Pool) => driver.close(pool).catch(() => {})
  const search = async () => {
    try {
      // Of a single host nobody need ask whether it is the right one.
      inUse = hosts.length === 1 ? driver.open(hosts[0]!) : await firstWritable(hosts, driver)
      return inUse
    } catch (error) {
      found = undefined
      throw error
    }
  }
  return {
    async current() {
      if (ended) throw new Error('the pool is closed')
      return (found ??= search())
    },
    leave(pool) {
      // Whoever comes late has a pool that was given up already.
      if (pool !== inUse) return
      found = inUse = undefined
      void drop(pool)
    },
    async end() {
      ended = true
      const last = await found?.catch(() => undefined)
      if (last !== undefined) await drop(last)
    },
  }
}

// Every process has the hosts in the same order and so finds the same one, as long as several take writes.
async function firstWritable<Pool>(hosts: readonly DatabaseHost[], driver: PoolDriver<Pool>): Promise<Pool> {
  const attempts: Promise<Pool>[] = []
  for (const host of hosts) {
    attempts.push(tryHost(host, driver))
    const won = Promise.any(attempts).then(
      () => true,
      () => false,
    )
    if (await Promise.race([won, systemClock.sleep(headStartMs).then(() => false)])) break
  }
  const winner = await Promise.any(attempts)
  for (const attempt of attempts) attempt.then(async (pool) => pool !== winner && driver.close(pool)).catch(() => {})
  return winner
}

async function tryHost<Pool>(host: DatabaseHost, driver: PoolDriver<Pool>): Promise<Pool> {
  const pool = driver.open(host)
  try {
    await driver.verify(pool)
    return pool
  } catch (error) {
    void driver.close(pool).catch(() => {})
    throw error
  }
}

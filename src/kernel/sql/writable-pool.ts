import { systemClock, type Clock } from '../clock.ts'
import { firstToSucceed } from '../first-to-succeed.ts'
import type { DatabaseUrl } from './hosts.ts'

export type DatabaseHost = DatabaseUrl['hosts'][number]

/** How the pool of one family of databases is opened and closed. */
export interface PoolDriver<Pool> {
  /** A pool of connections to this host; connects to nothing yet. */
  open(host: DatabaseHost): Pool
  /** Connects once. Rejects when the host can't be reached, or takes no writes. */
  verify(pool: Pool): Promise<void>
  /** Closes what nobody uses, and what is in use as soon as it is given back. */
  retire(pool: Pool): void
  /** Resolves when all of its connections are closed, of which a silent host may make an eternity; those in use end first. May reject. */
  close(pool: Pool): Promise<void>
  /** Cuts what nobody uses, since a silent host would never answer a farewell; what is in use ends with its statement. */
  abandon(pool: Pool): void
}

/** The pool of that one of several hosts which takes writes. */
export interface WritablePool<Pool> {
  /** The pool in use. Looks for a host first when there is none; rejects when none takes writes just now. */
  current(): Promise<Pool>
  /**
   * Gives a pool up, since its host is gone or takes no more writes: all of its connections lead there.
   * `forAnother`: the host would say of itself that it is well, so it is asked last next time.
   */
  leave(pool: Pool, how?: { readonly forAnother: boolean }): void
  /** Closes what is open, for good. */
  end(): Promise<void>
}

/** How long a host may be silent before the next one is tried as well, in milliseconds. */
const headStartMs = 300

/** How often to look whether the first host takes writes again, in milliseconds. */
const homeEveryMs = 10_000
/** How long what is in use of the pool before may go on, in milliseconds. Closing it ends transactions. */
const drainMs = 5000
/** How long a host may take to answer the farewell of its connections, in milliseconds; then they are cut. */
const farewellMs = 1000

interface Found<Pool> {
  readonly host: DatabaseHost
  readonly pool: Pool
}

/**
 * Opens a pool on the first of the hosts that takes writes, and on another when that changes. Many that ask at once cause one search.
 * Where several take writes, all processes come back to the first one once it does again: who writes beside the others gets in their way.
 */
export function openWritablePool<Pool>(
  hosts: readonly DatabaseHost[],
  driver: PoolDriver<Pool>,
  clock: Pick<Clock, 'monotonicMs' | 'sleep'> = systemClock,
): WritablePool<Pool> {
  const ending = new AbortController()
  let homeAtMs = 0
  let closing: Promise<void> | undefined
  let searching: Promise<Found<Pool>> | undefined
  let found: Found<Pool> | undefined
  let order = hosts
  const search = async () => {
    try {
      // Of a single host nobody need ask whether it is the right one.
      found = hosts.length === 1 ? { host: hosts[0]!, pool: driver.open(hosts[0]!) } : await firstWritable(order, driver)
      order = hosts
      homeAtMs = clock.monotonicMs() + homeEveryMs
      return found
    } catch (error) {
      searching = undefined
      throw error
    }
  }
  // A host that froze meanwhile would never answer, and it is not to find these connections when it is back.
  const farewell = async (pool: Pool) => {
    const answered = new AbortController()
    const cut = clock.sleep(farewellMs, answered.signal).then(
      () => driver.abandon(pool),
      () => {},
    )
    // mysql2 says so when one of its connections, which others still wait for, could not be made.
    const closed = driver.close(pool).catch(() => driver.abandon(pool))
    await Promise.race([closed, cut])
    answered.abort()
  }
  const goHome = async (from: Found<Pool>) => {
    homeAtMs = clock.monotonicMs() + homeEveryMs
    const home = await tryHost(hosts[0]!, driver)
    if (found !== from || ending.signal.aborted) return driver.abandon(home.pool)
    found = home
    searching = Promise.resolve(home)
    driver.retire(from.pool)
    closing = clock
      .sleep(drainMs, ending.signal)
      .catch(() => {})
      .then(() => farewell(from.pool))
  }
  return {
    async current() {
      if (ending.signal.aborted) throw new Error('the pool is closed')
      const { pool } = await (searching ??= search())
      if (found && found.host !== hosts[0] && clock.monotonicMs() >= homeAtMs) goHome(found).catch(() => {})
      return pool
    },
    leave(pool, { forAnother } = { forAnother: false }) {
      // Whoever comes late has a pool that was given up already.
      if (pool !== found?.pool) return
      const { host } = found
      if (forAnother) order = [...hosts.filter((one) => one !== host), host]
      found = searching = undefined
      driver.abandon(pool)
    },
    async end() {
      ending.abort()
      const last = await searching?.catch(() => undefined)
      await closing
      if (last) await farewell(last.pool)
    },
  }
}

// Every process has the hosts in the same order and so finds the same one, as long as several take writes.
async function firstWritable<Pool>(hosts: readonly DatabaseHost[], driver: PoolDriver<Pool>): Promise<Found<Pool>> {
  try {
    return await firstToSucceed(hosts, {
      headStartMs,
      attempt: (host) => tryHost(host, driver),
      discard: (late) => driver.abandon(late.pool),
    })
  } catch (error) {
    const { errors } = error as { errors: Error[] }
    const answers = errors.map(({ message }) => message).join('; ')
    throw new AggregateError(errors, `no host of the database takes writes: ${answers}`, { cause: error })
  }
}

async function tryHost<Pool>(host: DatabaseHost, driver: PoolDriver<Pool>): Promise<Found<Pool>> {
  const pool = driver.open(host)
  try {
    await driver.verify(pool)
    return { host, pool }
  } catch (error) {
    driver.abandon(pool)
    throw error
  }
}

import type { Clock, Ids } from '../clock.ts'
import type { Log } from '../log.ts'
import { hostOf } from './hosts.ts'
import { pause, pauseMs, withDeadline } from './waiting.ts'

/** One connection to one host. It ends once, and is never used again. */
export interface Session {
  /** Resolves with the reason when the connection is lost or dropped. */
  readonly ended: Promise<Error>
  /** Cuts the connection at once, without a word to the other side, which may be frozen. */
  drop(reason: Error): void
  /** Asks the server for a sign of life, within a deadline. Rejects when it is not fit to serve. */
  check(): Promise<void>
  /** Says goodbye politely. */
  end(): Promise<void>
}

/** A connection that is made again for ever. */
export interface Kept<S> {
  current(): S | undefined
  /** The connection, once there is one; rejects when there is none within the time. */
  ready(timeoutMs: number): Promise<S>
  close(): Promise<void>
}

export interface KeepOpenOptions<S> {
  /** For the log. */
  readonly name: string
  /** One URL per host; tried in turn. */
  readonly urls: readonly string[]
  /** Connects, and gives up at once when the signal aborts. */
  readonly open: (url: string, signal: AbortSignal) => Promise<S>
  readonly onUp: (session: S) => void
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

const checkEveryMs = 1000
const goodbyeMs = 1000
/** A connection that was lost sooner counts as a failure, so that a host which takes us in and throws us out is not asked in a tight loop. */
const steadyMs = 1000

/**
 * Keeps one connection open: tries host after host, pauses 50 ms to 2 s between rounds, checks once a second that the server still
 * answers (a frozen one keeps its sockets), and goes to the next host when it does not.
 */
export function keepOpen<S extends Session>(options: KeepOpenOptions<S>): Kept<S> {
  const { name, urls, clock, ids, log } = options
  const closing = new AbortController()
  let session: S | undefined
  let gate = newGate<S>()

  async function keep() {
    for (let host = 0, failures = 0; !closing.signal.aborted; host++) {
      const url = urls[host % urls.length] ?? ''
      const start = clock.monotonicMs()
      const reason = await serve(url)
      if (closing.signal.aborted) return
      failures = clock.monotonicMs() - start < steadyMs ? failures + 1 : 0
      log[failures > urls.length ? 'debug' : 'warn'](
        { name, host: hostOf(url), reason: reason.message },
        'message queue connection is lost',
      )
      if (failures > 0 && failures % urls.length === 0) await pause(clock, pauseMs(ids, failures / urls.length), closing.signal)
    }
  }

  /** Opens one connection and serves with it until it ends; gives the reason, which may be that it could not be opened. */
  async function serve(url: string): Promise<Error> {
    let opened: S
    try {
      opened = await options.open(url, closing.signal)
    } catch (error) {
      return error as Error
    }
    if (closing.signal.aborted) {
      // Open a moment too late to be asked for its goodbye.
      opened.drop(new Error('closed'))
      return opened.ended
    }
    session = opened
    gate.resolve(opened)
    log.info({ name, host: hostOf(url) }, 'message queue connection is up')
    void watch(opened)
    options.onUp(opened)
    const reason = await opened.ended
    session = undefined
    gate = newGate()
    return reason
  }

  async function watch(opened: S) {
    while ((await pause(clock, checkEveryMs, closing.signal)) && session === opened) {
      try {
        await opened.check()
      } catch (error) {
        opened.drop(error as Error)
      }
    }
  }

  const kept = keep()
  return {
    current: () => session,
    ready: async (timeoutMs) =>
      session ?? (await withDeadline(clock, timeoutMs, `connecting to the message queue (${name})`, gate.promise)),
    close: async () => {
      closing.abort()
      gate.reject(new Error('the message queue connection is closed'))
      const last = session
      if (last) await withDeadline(clock, goodbyeMs, 'goodbye', last.end()).catch(() => {})
      last?.drop(new Error('closed'))
      await kept
    },
  }
}

function newGate<S>() {
  const gate = Promise.withResolvers<S>()
  gate.promise.catch(() => {})
  return gate
}

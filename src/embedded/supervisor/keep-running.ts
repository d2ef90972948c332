import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { Part, Running } from './part.ts'
import type { PartState } from './roster.ts'

export interface Kept {
  readonly part: Part
  state(): PartState
  /** The process that runs now or ran last. */
  running(): Running | undefined
  /** Resolves when it serves for the first time; rejects when the first start fails, which is not repeated. */
  readonly started: Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
}

/** Whoever lived that long did not die of its own start. */
const healthyAfterMs = 10_000
const pauseMs = { first: 100, longest: 5_000 }

/** How long to wait before the start that follows `deaths` quick deaths in a row: the first is answered at once. */
export const pauseAfter = (deaths: number): number => (deaths <= 1 ? 0 : Math.min(pauseMs.first * 2 ** (deaths - 2), pauseMs.longest))

/** Keeps a part running: starts it, and again whenever it ends, until stopped. Calls `onChange` after each change of its state. */
export function keepRunning(ctx: { clock: Clock; log: Log }, part: Part, onChange: () => void): Kept {
  const { clock, log } = ctx
  const started = Promise.withResolvers<void>()
  const stopping = new AbortController()
  let state: PartState = 'starting'
  let running: Running | undefined

  const become = (next: PartState) => {
    state = next
    onChange()
  }
  started.promise.catch(() => {}) // Whoever stops it early need not ask whether it had started.
  const ended = loop().then(() => started.reject(new Error(`${part.name} was stopped`)), started.reject)

  async function loop(): Promise<void> {
    let deaths = 0
    for (let first = true; !stopping.signal.aborted; first = false) {
      const beganMs = clock.monotonicMs()
      const why = await live(first)
      if (stopping.signal.aborted) return
      deaths = clock.monotonicMs() - beganMs > healthyAfterMs ? 1 : deaths + 1
      log.warn({ part: part.name, why, deaths, pauseMs: pauseAfter(deaths) }, 'a part ended and is started again')
      become('restarting')
      await clock.sleep(pauseAfter(deaths), stopping.signal).catch(() => {})
    }
  }

  // One life of it; resolves with why it ended.
  async function live(first: boolean): Promise<string> {
    let life: Running
    try {
      life = await part.start()
    } catch (error) {
      if (first) throw error
      return (error as Error).message
    }
    running = life
    if (stopping.signal.aborted) {
      await life.stop()
      return 'it was stopped'
    }
    become('running')
    log.info({ part: part.name, pid: life.pid }, 'a part runs')
    started.resolve()
    return life.exited
  }

  return {
    part,
    state: () => state,
    running: () => running,
    started: started.promise,
    async stop() {
      if (!stopping.signal.aborted) become('stopping')
      stopping.abort()
      await running?.stop()
      await ended
      become('dead')
    },
  }
}

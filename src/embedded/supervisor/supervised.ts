import { StartupError } from '../../config/startup-error.ts'
import { systemClock } from '../../kernel/clock.ts'
import { holderOf } from './lock.ts'
import type { Orders } from './node-process.ts'
import { stateDirAt } from './state-dir.ts'

/** The child's end of the channel to its supervisor. */
export interface Supervised {
  /** Resolves with what to serve, once the supervisor has prepared everything. */
  readonly orders: Promise<Orders>
  /** Whether it ends because no supervisor is left. */
  abandoned(): boolean
  /** `ports` says where it listens: by role, '' for all APIs together. */
  ready(ports?: Readonly<Record<string, number>>): void
  problem(error: unknown): void
}

/** How long a process serves on after its supervisor was killed, in milliseconds: time for another `up` to take it over. */
const graceMs = 30_000

/** Whether a supervisor started this process, and how to talk to it. It also ends the process when no supervisor is left for too long. */
export function supervised(): Supervised | undefined {
  const name = process.env['SKYKEEL_SUPERVISED']
  if (!name || !process.send) return undefined
  process.title = `skykeel ${name}`
  const orders = new Promise<Orders>((resolve) => {
    process.once('message', (message) => {
      const given = message as Orders
      process.channel?.unref() // It shall not keep a process alive that has nothing left to do.
      watchSupervisor(given.stateDir)
      resolve(given)
    })
    process.once('disconnect', () => {
      // Killed before it gave orders: nobody will.
      if (!watching) process.exit(1)
    })
  })
  const tell = (message: object) => void (process.connected && process.send?.(message, () => {}))
  return {
    orders,
    abandoned: () => abandoned,
    ready: (ports) => tell({ kind: 'ready', ports }),
    problem: (error) => {
      const { message } = error as Error
      tell({
        kind: 'problem',
        problem: { message, hint: error instanceof StartupError ? error.hint : `Its log tells more: \`skykeel logs ${name}\`.` },
      })
    },
  }
}

let watching = false
let abandoned = false

function watchSupervisor(stateDir: string): void {
  watching = true
  const dir = stateDirAt(stateDir)
  let lastSeenMs = systemClock.monotonicMs()
  setInterval(() => {
    if (holderOf(dir) && !abandoned) lastSeenMs = systemClock.monotonicMs()
    else if (systemClock.monotonicMs() - lastSeenMs > graceMs && !abandoned) {
      abandoned = true
      process.kill(process.pid, 'SIGTERM')
    }
  }, 1_000).unref()
}

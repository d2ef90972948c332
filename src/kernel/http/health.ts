import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What one instance knows of its own ability to serve. */
export interface Health {
  /** Whether the balancer should send requests here. */
  serving(): boolean
  /** What is wrong, for people; names of checks and sentences. */
  report(): Promise<HealthReport>
  /** From now on `serving()` is false; requests that come all the same are still answered. */
  drain(): void
}

export interface HealthReport {
  readonly serving: boolean
  readonly draining: boolean
  /** Why this instance alone can't serve. */
  readonly ailing?: string
  readonly checks: Readonly<Record<string, string>>
}

/** A check answers 'ok' or a sentence about what is wrong; it must come back by itself within a second or two. */
export type HealthCheck = () => Promise<string>

/**
 * Health of this instance. Only what ails this instance alone takes it out of rotation: an outage that all share (the
 * database, the queue) is reported but must not empty the pool, so the checks by themselves do not decide `serving`.
 * @param ails why this instance can't serve while others can; undefined while it can
 */
export function openHealth(
  checks: Readonly<Record<string, HealthCheck>>,
  ails: () => string | undefined = () => undefined,
): Health & { close(): void } {
  let draining = false
  const serving = () => !draining && ails() === undefined
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    serving,
    drain: () => void (draining = true),
    async report() {
      const ailing = ails()
      const stallMs = Math.round(delay.max / 1e6)
      delay.reset()
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await check().catch((error: Error) => error.message)]),
      )
      return {
        serving: serving(),
        draining,
        ...(ailing !== undefined && { ailing }),
        checks: { ...Object.fromEntries(results), event_loop: stallMs < 1000 ? 'ok' : `stalled for ${stallMs} ms` },
      }
    },
    close: () => delay.disable(),
  }
}

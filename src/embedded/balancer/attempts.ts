import { attempt } from './attempt.ts'
import type { Backend } from './backend.ts'
import type { Budget } from './budget.ts'
import type { Counters } from './counters.ts'
import { isRepeatable, type Exchange } from './exchange.ts'
import type { Balancing, BalancerOptions } from './options.ts'
import type { Pool } from './pool.ts'
import { refusals, type Refusal } from './refuse.ts'

/** The parts of a running balancer that a request needs. */
export interface Parts {
  readonly pool: Pool
  readonly budget: Budget
  readonly counters: Counters
  readonly options: BalancerOptions
}

/** Sends the request to one backend after another until one answers; otherwise says how to refuse it. Never rejects. */
export async function tryBackends(ctx: Balancing, parts: Parts, exchange: Exchange): Promise<Refusal | undefined> {
  const { pool, counters, options } = parts
  const beganMs = ctx.clock.monotonicMs()
  const giveUpMs = beganMs + options.repeatWithinMs
  let patienceMs = options.waitForBackendMs
  let tried: Set<Backend> | undefined
  let sent = 0
  for (;;) {
    const backend = pool.pick(tried)
    if (!backend) {
      const sinceMs = ctx.clock.monotonicMs()
      if (!(await waitForBackend(parts, exchange, Math.min(patienceMs, giveUpMs - sinceMs)))) return refusals.noBackend
      patienceMs -= ctx.clock.monotonicMs() - sinceMs
      continue
    }
    // The only one that is up has just failed this request: leave its next check time to see whether it is dead.
    if (tried?.has(backend)) await ctx.clock.sleep(options.checkFastIntervalMs)
    if (exchange.gone) return undefined
    backend.counters.attempts++
    const waitedMs = Math.round(ctx.clock.monotonicMs() - beganMs)
    const outcome = await attempt(backend, { exchange, waitedMs }, options)
    pool.released(backend)
    if (outcome === 'cut') return undefined
    backend.counters[outcome]++
    if (outcome === 'answered') return undefined
    if (outcome === 'malformed') return refusals.notUnderstood
    if (outcome === 'late') return refusals.tooSlow
    if (outcome === 'unreachable') pool.unreachable(backend)
    else sent++
    if (exchange.gone) return undefined
    if (sent >= options.attempts || ctx.clock.monotonicMs() >= giveUpMs || !isRepeatable(exchange)) return refusals.gaveUp
    ctx.log.debug({ backend: backend.address.name, method: exchange.method, outcome, sent }, 'request is sent again')
    counters.repeats[outcome]++
    tried = (tried ?? new Set()).add(backend)
  }
}

function waitForBackend({ pool, counters }: Parts, exchange: Exchange, withinMs: number): Promise<boolean> {
  if (withinMs <= 0 || exchange.gone) return Promise.resolve(false)
  counters.waits++
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const stop = pool.whenUp(withinMs, (up) => {
    exchange.onGone = undefined
    resolve(up)
  })
  exchange.onGone = () => {
    stop()
    resolve(false)
  }
  return promise
}

import { durationOf } from './calls.ts'
import type { DrillContext } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { Load } from './load.ts'
import { percentile } from './timeline.ts'

/** How long clients are served before anything is struck, so that one sees what is usual; in milliseconds. */
const lookMs = 2000

/** How long a smaller load needs to show, and the queues of the larger one to end; in milliseconds. */
const settleMs = 5000

/** Half of all requests in more time than this, though nothing is struck: then the machine is the limit; in milliseconds. */
const easyMs = 200

const shares = [1, 1 / 2, 1 / 4]

/**
 * Asks for less where the machine can't carry the load even while nothing is struck: what then comes late says nothing of the cloud.
 * Resolves with what the reader of the report must know of it, if anything.
 */
export async function suitLoad(ctx: DrillContext, { load, ledger }: { load: Load; ledger: Ledger }): Promise<string | undefined> {
  const usualMs: number[] = []
  for (const share of shares) {
    load.ask(share)
    if (share < 1) await ctx.clock.sleep(settleMs, ctx.signal)
    const sinceMs = ctx.clock.monotonicMs()
    await ctx.clock.sleep(lookMs, ctx.signal)
    const took = ledger.calls.filter((call) => call.endedMs > sinceMs).map(durationOf)
    usualMs.push(percentile(took, 0.5))
    if (usualMs.at(-1)! <= easyMs) break
  }
  const asked = shares[usualMs.length - 1]!
  if (asked === 1) return undefined
  return `${asked * 100} % of the load: with all of it half of the requests took over ${usualMs[0]} ms before anything was struck, then ${usualMs.at(-1)} ms`
}

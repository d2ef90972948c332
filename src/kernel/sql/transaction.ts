import { unavailable } from '../errors.ts'
import { transactionRepeats, transactionSeconds } from '../metrics.ts'
import { failureClass, isOutage } from './failures.ts'
import type { SqlContext } from '../context.ts'
import type { Tx } from './tables.ts'

/** What a transaction does when all else is done. */
interface Ending {
  readonly last: { readonly row: string; act(): Promise<unknown> }[]
  readonly afterCommit: (() => void)[]
}

const endings = new WeakMap<object, Ending>()

/** Runs `act` once this transaction has committed, and not before. For bells only: a crash in between loses it. */
export function afterCommit(tx: Tx, act: () => void): void {
  endings.get(tx)?.afterCommit.push(act)
}

/**
 * Runs `act` as the last of this transaction's work: for a row that everybody writes, so that it is locked for no longer than the commit takes.
 * Who holds one waits for nothing but another such row, and those are taken in the order of their names: so nobody waits in a circle. What `act`
 * throws undoes the whole transaction.
 */
export async function atTheEnd(tx: Tx, row: string, act: () => Promise<unknown>): Promise<void> {
  const ending = endings.get(tx)
  if (ending) ending.last.push({ row, act })
  else await act()
}

/**
 * The only way to write. Runs `fn` in one READ COMMITTED transaction, again when the database undoes it or goes away,
 * for as long as the context's patience lasts; then refuses with `unavailable`.
 * A connection lost during COMMIT leaves the outcome unknown, so `fn` may run after its own success: its first
 * write must be a key or a compare-and-swap that tells. Inside `fn` there is only SQL.
 */
export async function transaction<T>(ctx: SqlContext, name: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return persistently(ctx, name, async () => {
    const ending: Ending = { last: [], afterCommit: [] }
    const result = await ctx.db.transaction().execute(async (tx) => {
      endings.set(tx, ending)
      const value = await fn(tx)
      for (const { act } of ending.last.toSorted((a, b) => (a.row < b.row ? -1 : Number(a.row > b.row)))) await act()
      return value
    })
    for (const act of ending.afterCommit) act()
    return result
  })
}

/** Runs reads, or anything else that may run twice, with the same persistence as `transaction`. */
export async function persistently<T>(ctx: SqlContext, name: string, fn: () => Promise<T>): Promise<T> {
  const started = ctx.clock.monotonicMs()
  const observe = (outcome: string) => transactionSeconds.observe({ name, outcome }, (ctx.clock.monotonicMs() - started) / 1000)
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await fn()
      observe('done')
      return result
    } catch (error) {
      const reason = failureClass(error)
      const waitMs = pauseMs(reason, attempt, ctx.ids.chance())
      if (waitMs === undefined) {
        observe('refused')
        throw error
      }
      if (ctx.clock.monotonicMs() + waitMs > ctx.patienceUntilMs) {
        observe('unavailable')
        ctx.log.warn({ transaction: name, attempt, reason: (error as Error).message }, 'the database can not be reached')
        throw unavailable('The database is not available at the moment.', { retryAfterSeconds: 2 })
      }
      transactionRepeats.inc({ name, reason })
      await ctx.clock.sleep(waitMs)
    }
  }
}

// More than a few can be no race: then it is a bug, to be reported as one.
const referenceAttempts = 5

/** How long to wait before the next attempt; undefined when there shall be none. */
function pauseMs(reason: ReturnType<typeof failureClass>, attempt: number, chance: number): number | undefined {
  if (reason === 'retry') return Math.min(5 * 2 ** attempt, 200) * (0.5 + chance)
  if (isOutage(reason)) return Math.min(20 * 2 ** attempt, 250) * (0.5 + chance)
  // A row that was looked at has gone, or got a referrer, since: the next look finds that and says so.
  if (reason === 'reference' && attempt <= referenceAttempts) return 5 * attempt * (0.5 + chance)
  return undefined
}

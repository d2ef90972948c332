import { forWork, type Context } from '../context.ts'
import { advance, claim } from './advance.ts'
import { takeReport, type Report } from './orders.ts'
import { reportsMailbox } from './reports-mailbox.ts'
import { dueSagas } from './store.ts'
import type { Engine } from './engine.ts'

export interface Worker {
  /** Looks for work now rather than at the next sweep. */
  wake(): void
  /** Takes no more work; resolves when what runs has ended. */
  stop(): Promise<void>
}

/** How often a worker looks for work that nobody rang for, in milliseconds. */
const sweepMs = 250
const concurrency = 8

/** Works on sagas of the engine's roles: at each bell, and at each sweep, by the same path. */
export async function openWorker(ctx: Context, of: Engine): Promise<Worker> {
  const roles = [...of.roles]
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const engine = { ...of, stopping: stopping.signal }
  let wakeUp = () => {}
  let awake = false
  const wake = () => {
    awake = true
    wakeUp()
  }
  const bells = await ctx.messaging.listen(roles, wake)
  const reports = engine.takesReports
    ? await ctx.messaging.receive(reportsMailbox, { concurrency }, async (message) => receiveReport(ctx, engine, message.body as Report))
    : undefined

  const lookForWork = async () => {
    const free = concurrency - running.size
    if (free <= 0) return
    for (const row of await dueSagas(ctx, roles, free)) {
      const claimed = await claim(ctx, row)
      if (!claimed) continue
      const work = advance(ctx, engine, claimed).catch((error: unknown) => {
        ctx.log.error({ saga: row.id, error: error instanceof Error ? error.stack : String(error) }, 'a saga can not be advanced')
      })
      const tracked = work.finally(() => {
        running.delete(tracked)
        wake()
      })
      running.add(tracked)
    }
  }

  const loop = async () => {
    while (!stopping.signal.aborted) {
      awake = false
      try {
        await lookForWork()
      } catch (error) {
        ctx.log.warn({ reason: (error as Error).message }, 'work can not be looked for')
      }
      if (awake && running.size < concurrency) continue
      const pausing = new AbortController()
      wakeUp = () => pausing.abort()
      await ctx.clock.sleep(sweepMs * (0.75 + ctx.ids.chance() / 2), AbortSignal.any([pausing.signal, stopping.signal])).catch(() => {})
      wakeUp = () => {}
    }
  }
  const looping = loop()
  return {
    wake,
    async stop() {
      stopping.abort()
      await Promise.all([bells.stop(), reports?.stop(), looping])
      await Promise.all(running)
    },
  }
}

async function receiveReport(ctx: Context, engine: Engine, report: Report): Promise<void> {
  const row = await takeReport(forWork(ctx, `req-${ctx.ids.uuid()}`), engine, report)
  if (row) await advance(ctx, engine, row)
}

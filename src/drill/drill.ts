import { StartupError } from '../config/startup-error.ts'
import { audit } from './audit.ts'
import type { Caller } from './calls.ts'
import type { Choose } from './choose.ts'
import { conclude } from './conclude.ts'
import type { DrillContext } from './context.ts'
import { isPending, type Ledger, openLedger } from './ledger.ts'
import { startLoad } from './load.ts'
import { clearPlace, makePlace, type Place } from './place.ts'
import { readCloud } from './read-cloud.ts'
import type { Report } from './report.ts'
import { openSession } from './session.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { strike } from './strike.ts'
import { suitLoad } from './suit-load.ts'
import type { Target } from './target.ts'
import { eventually } from '../kernel/eventually.ts'
import { startWatching } from './watch.ts'
import { startWatchingServices } from './watch-services.ts'

/** What to do to a cloud. */
export interface DrillPlan {
  /** Its name in the report. */
  readonly scenario: string
  readonly seed: number
  readonly choose: Choose
  /** Which blow falls next, after so many of them and so much time; undefined ends the drill. */
  next(struck: number, elapsedMs: number): Scenario | undefined
}

export interface DrillOptions {
  readonly target: Target
  readonly plan: DrillPlan
  /** How long a request may take before it counts as failed, in milliseconds. */
  readonly budgetMs: number
  /** How long nothing may end, after the load, before what is left of the accepted work counts as stuck; in milliseconds. */
  readonly settleMs?: number
  /** How long the removal of what the drill made may take, in milliseconds; a minute if not said. */
  readonly clearMs?: number
}

/** How long a cloud may take for a server to come and go before anything is struck. */
const warmUpMs = 60_000

/** How long clients are served after the last blow; in milliseconds. */
const quietMs = 2000

/**
 * One drill: a load, blow after blow, and what came of it. Works in a project of its own and removes it at the end. Rejects with a
 * StartupError when the cloud can't be used at all.
 */
export async function drill(ctx: DrillContext, options: DrillOptions): Promise<Report> {
  const { target, budgetMs } = options
  const admin = { user: 'admin', password: target.password, project: 'admin' }
  const session = await openSession(ctx, { authUrl: target.authUrl, budgetMs, ...admin })
  const asAdmin = session.call
  try {
    const before = await readCloud(asAdmin)
    if (!before) throw new StartupError('The cloud can not be read as admin', 'See `skykeel status`: the cloud must be READY.')
    const place = await makePlace(ctx, { asAdmin, authUrl: target.authUrl, budgetMs })
    try {
      return await drillIn(ctx, { ...options, place, asAdmin, known: audit(before) })
    } finally {
      if (!(await clearPlace(ctx, asAdmin, { ...place, clearMs: options.clearMs })))
        ctx.say(`Project ${place.projectId} of this drill could not be removed.`)
    }
  } finally {
    session.close()
  }
}

async function drillIn(
  ctx: DrillContext,
  { target, plan, place, asAdmin, known, settleMs = 30_000 }: DrillOptions & { place: Place; asAdmin: Caller; known: readonly string[] },
): Promise<Report> {
  const { call } = place.session
  const ledger = openLedger()
  const beganMs = ctx.clock.monotonicMs()
  const startedAt = ctx.clock.now().toISOString()
  const load = startLoad(ctx, { call, ledger, place })
  const watchings = [startWatching(ctx, { call, ledger }), startWatchingServices(ctx, { asAdmin, ledger })]
  const stopWatching = async () => void (await Promise.all(watchings.map((one) => one.stop())))
  const notes: string[] = []
  try {
    const works = () => ledger.asked.some((one) => one.kind === 'server' && one.goneMs !== undefined)
    if (!(await eventually(ctx, works, { timeoutMs: warmUpMs })))
      throw new StartupError(`In ${warmUpMs / 1000} s no server came and went, before anything was struck`, 'See `skykeel status`.')
    const less = await suitLoad(ctx, { load, ledger })
    if (less) notes.push(less)
    const blows = await strike(ctx, { target, plan, ledger, load, notes })
    await ctx.clock.sleep(quietMs, ctx.signal)
    await load.stop()
    await settled(ctx, ledger, settleMs)
    await stopWatching()
    return await conclude(ctx, { target, plan, ledger, blows, notes, known, asAdmin, projectId: place.projectId, beganMs, startedAt })
  } finally {
    await Promise.all([load.stop(), stopWatching()])
  }
}

// Work that goes on is slow, not stuck: only when nothing ends for so long is what is left given up.
async function settled(ctx: DrillContext, { asked }: Ledger, settleMs: number): Promise<void> {
  const pending = () => asked.filter(isPending).length
  for (let left = pending(); left > 0; left = pending())
    if (!(await eventually(ctx, () => pending() < left, { timeoutMs: settleMs }))) return
}

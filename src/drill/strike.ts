import type { DrillContext } from './context.ts'
import type { DrillPlan } from './drill.ts'
import { type Blow, isNewWork } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Load } from './load.ts'
import type { Limits, Scenario, Stage } from './scenarios/scenario.ts'
import type { Target } from './target.ts'
import type { ThingName } from './things.ts'
import { eventually } from '../kernel/eventually.ts'

/** A blow as it fell, with what its scenario promises. */
export interface Fallen extends Blow {
  readonly limits: Limits
}

export interface StrikeOptions {
  readonly target: Target
  readonly plan: DrillPlan
  readonly ledger: Ledger
  readonly load: Load
  /** Hears what a person should know. */
  readonly notes: string[]
}

const burstOf: readonly ThingName[] = ['security group', 'port', 'server', 'security group', 'port', 'server']

/** Between two blows, so that the figures of each are its own. */
const pauseMs = 500

/** Lets blow after blow fall on a cloud at work, until the plan ends or the cloud does not recover. */
export async function strike(ctx: DrillContext, { target, plan, ledger, load, notes }: StrikeOptions): Promise<Fallen[]> {
  const blows: Fallen[] = []
  const startedMs = ctx.clock.monotonicMs()
  for (;;) {
    const scenario = plan.next(blows.length, ctx.clock.monotonicMs() - startedMs)
    if (!scenario) return blows
    await scenario.blow(stageOf(ctx, { scenario, blows, load }), target, plan.choose)
    await load.repeat()
    const missing = await notRecovered(ctx, { target, ledger, blow: blows.at(-1)! })
    if (missing) {
      notes.push(missing)
      return blows
    }
    // What a blow left hanging is its own doing, and must not count as the next one's.
    await load.answered()
    ctx.say(`${seconds(ctx.clock.monotonicMs() - startedMs)}: ${blows.at(-1)!.fault} ${blows.at(-1)!.target}`)
    await ctx.clock.sleep(pauseMs, ctx.signal)
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`.padStart(6)

const stageOf = (ctx: DrillContext, { scenario, blows, load }: { scenario: Scenario; blows: Fallen[]; load: Load }): Stage => ({
  ...ctx,
  mark(fault, target) {
    const { name, mayRefuse = false, mayError = false, maySilence = false, limits } = scenario
    blows.push({ scenario: name, fault, target, mayRefuse, mayError, maySilence, limits, atMs: ctx.clock.monotonicMs() })
  },
  stale(count) {
    blows.at(-1)!.stale = count
  },
  burst: async () => void (await Promise.all(burstOf.map((kind) => load.create(kind)))),
})

// Each blow finds a cloud that is whole and at work, not one that still recovers from the last.
async function notRecovered(
  ctx: DrillContext,
  { target, ledger, blow }: { target: Target; ledger: Ledger; blow: Fallen },
): Promise<string | undefined> {
  const { recoveryMs } = blow.limits
  const timeoutMs = Math.max(recoveryMs, 30_000)
  const works = () => ledger.asked.some((one) => isNewWork(one, blow.atMs))
  const what = `${seconds(timeoutMs).trim()} after ${blow.fault} ${blow.target}`
  if (!(await eventually(ctx, works, { timeoutMs }))) return `${what} no new server is built`
  // A node may need a whole copy of the database before it serves again.
  const wholeMs = Math.max(timeoutMs, 90_000)
  const down = async () => (await target.processes()).filter(({ state }) => state !== 'running')
  const isWhole = async () => (await down()).length === 0 && ((await target.agrees?.()) ?? true)
  if (await eventually(ctx, isWhole, { timeoutMs: wholeMs, everyMs: 100 })) return undefined
  const still = (await down()).map(({ name, state }) => `${name} (${state})`)
  return `${seconds(wholeMs).trim()} after ${blow.fault} ${blow.target} ${still.length > 0 ? `there are still down: ${still.join(', ')}` : 'the nodes of the database do not know of each other yet'}`
}

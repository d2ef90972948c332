import { StartupError } from '../config/startup-error.ts'
import { audit } from './audit.ts'
import { durationOf, type Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import { downsIn, nameOf } from './downs.ts'
import type { DrillPlan } from './drill.ts'
import { isSame, isSuccess, judge, type Round } from './judge.ts'
import { type Asked, isPending, type Ledger } from './ledger.ts'
import { promisesOf } from './promises.ts'
import { readCloud, readRemains } from './read-cloud.ts'
import type { Report, Totals } from './report.ts'
import { span } from './page/html.ts'
import { problemOf, tokensPath } from './session.ts'
import type { Fallen } from './strike.ts'
import type { Target } from './target.ts'
import { percentile, timelineOf } from './timeline.ts'
import { eventually } from '../kernel/eventually.ts'

export interface Ended {
  readonly target: Pick<Target, 'kind' | 'database' | 'messaging'>
  readonly plan: Pick<DrillPlan, 'scenario' | 'seed'>
  readonly ledger: Ledger
  readonly blows: readonly Fallen[]
  readonly notes: readonly string[]
  /** What an audit found before the drill: not its doing. */
  readonly known: readonly string[]
  readonly asAdmin: Caller
  readonly projectId: string
  readonly beganMs: number
  readonly startedAt: string
}

/** How long the cloud may take to answer at the end, and to have cleared away what it deletes, in milliseconds. */
const patienceMs = 30_000

/** Reads what is left, and judges. Throws a StartupError when the cloud does not even answer. */
export async function conclude(ctx: DrillContext, ended: Ended): Promise<Report> {
  const { ledger, blows, beganMs, asAdmin, projectId, target, plan } = ended
  let remains: Awaited<ReturnType<typeof readRemains>>
  await eventually(ctx, async () => (remains = await readRemains(asAdmin, projectId)) !== undefined, { timeoutMs: patienceMs })
  if (!remains) throw new StartupError('The cloud does not answer after the drill', 'See `skykeel status` and `skykeel logs`.')
  const orphans = await lasting(ctx, ended)
  const lastedMs = Math.round(ctx.clock.monotonicMs() - beganMs)
  const [before, ...rounds] = judge(ledger, blows, { remains, beganMs }) as [Round, ...Round[]]
  const totals = totalsOf([before, ...rounds], orphans)
  const ms = ledger.calls.map(durationOf)
  return {
    ...{ scenario: plan.scenario, seed: plan.seed, startedAt: ended.startedAt, lastedMs, totals },
    cloud: { kind: target.kind, database: target.database, messaging: target.messaging },
    latencyMs: { p50: percentile(ms, 0.5), p99: percentile(ms, 0.99), max: percentile(ms, 1) },
    ...{ before, rounds },
    promises: promisesOf(
      totals,
      before,
      rounds.map((round, index) => ({ round, limits: blows[index]!.limits })),
    ),
    orphans,
    notes: [
      ...ended.notes,
      ...minted(ledger),
      ...unlike(ledger),
      ...silent(ledger, beganMs),
      ...failures(ledger),
      ...inError(ledger),
      ...slowest(ledger.asked),
    ],
    timeline: timelineOf(ledger.calls, beganMs),
  }
}

// A cloud at work changes while it is read: only what a later look finds too is there.
async function lasting(ctx: DrillContext, { asAdmin, projectId, known }: Ended): Promise<string[]> {
  let found: string[] | undefined
  const isClean = async () => {
    const seen = await readCloud(asAdmin, projectId)
    if (!seen) return false
    const now = audit(seen).filter((one) => !known.includes(one))
    found = found?.filter((one) => now.includes(one)) ?? now
    return found.length === 0
  }
  await eventually(ctx, isClean, { timeoutMs: patienceMs / 3, everyMs: 500 })
  return found ?? ['the cloud could not be audited']
}

function totalsOf(rounds: readonly Round[], orphans: readonly string[]): Totals {
  const sum = (key: Exclude<keyof Totals | 'requests', 'attempted' | 'changes' | 'orphaned'>) =>
    rounds.reduce((all, round) => all + round[key], 0)
  const [attempted, failed, refused] = [sum('requests'), sum('failed'), sum('refused')]
  return {
    ...{ attempted, acknowledged: attempted - failed - refused, changes: sum('acknowledged'), failed, refused },
    ...{ denied: sum('denied'), unlike: sum('unlike'), falseDowns: sum('falseDowns') },
    ...{ lost: sum('lost'), doubled: sum('doubled'), stuck: sum('stuck'), orphaned: orphans.length },
  }
}

const minted = ({ calls }: Ledger): string[] => {
  const count = calls.filter(({ method, path, status }) => method === 'POST' && path === tokensPath && status === 201).length
  return [`${count} tokens were made, each used for a minute`]
}

const unlike = ({ repeats }: Ledger): string[] =>
  repeats
    .filter(({ first, again }) => !isSame(first, again))
    .slice(0, 5)
    .map(({ first, again }) => `unlike: ${first.method} ${first.path} was answered ${problemOf(first)}, then ${problemOf(again)}`)

const silent = ({ looks }: Ledger, beganMs: number): string[] =>
  downsIn(looks)
    .slice(0, 10)
    .map((one) => `taken for dead: ${nameOf(one)}, ${span(one.atMs - beganMs)} after the drill began`)

const failures = ({ calls }: Ledger): string[] =>
  calls
    .filter((call) => !isSuccess(call))
    .slice(0, 10)
    .map((call) => `${call.method} ${call.path}: ${problemOf(call)} after ${Math.round(durationOf(call))} ms`)

function inError({ asked }: Ledger): string[] {
  const reasons = Map.groupBy(
    asked.filter(({ errorMs }) => errorMs !== undefined),
    ({ errorWhy }) => errorWhy,
  )
  return [...reasons].map(([why, servers]) => `${servers.length} servers ended in ERROR: ${why}`)
}

/** The work that took longest from its acceptance to its end. */
const slowest = (asked: readonly Asked[]): string[] =>
  asked
    .flatMap(({ id = '', acceptedMs = Infinity, readyMs, deleteAcceptedMs = Infinity, goneMs }) => [
      { what: `the build of ${id}`, ms: (readyMs ?? -Infinity) - acceptedMs },
      { what: `the deletion of ${id}`, ms: (goneMs ?? -Infinity) - deleteAcceptedMs },
    ])
    .filter(({ ms }) => ms > 3000)
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 5)
    .map(({ what, ms }) => `slow: ${what} took ${Math.round(ms)} ms`)
    .concat(
      asked
        .filter(isPending)
        .slice(0, 5)
        .map(({ kind, id }) => `stuck: ${kind} ${id}`),
    )

import type { Config } from '../../config/settings.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { frontTeller } from './front.ts'
import { frozenWatch } from './frozen.ts'
import { keepRunning, type Kept } from './keep-running.ts'
import { boundLogs } from './logs.ts'
import { spawnNode, startOf } from './node-process.ts'
import { nodePart } from './node-part.ts'
import type { Part } from './part.ts'
import { type PlannedProcess, planOf, type Urls } from './plan.ts'
import { postgresPart } from './postgres-part.ts'
import { endOf, endProcess } from './processes.ts'
import { processOf, readRoster, type RosterEntry, writeRoster } from './roster.ts'
import type { Secrets } from './secrets.ts'
import type { StateDir } from './state-dir.ts'

export interface Supervisor {
  /** Ends everything in order: no new requests, those that run, the work behind them, the database. */
  stop(): Promise<void>
}

export interface SupervisorOptions {
  readonly dir: StateDir
  readonly config: Config
  readonly secrets: Secrets
  readonly authUrl: string
  readonly version: string
  /** Hears of each part once it serves for the first time. */
  onStarted(name: string): void
  /** Rejects when the start shall be given up. */
  readonly givenUp: Promise<never>
}

/** How often to look for what nobody tells: large logs, frozen processes. */
const lookEveryMs = 1_000

/**
 * Starts a cloud and keeps it running; what an earlier supervisor left running is adopted. Resolves when every part serves. Rejects with a
 * StartupError when one can't start, after ending the others.
 */
export async function superviseCloud(ctx: { clock: Clock; log: Log }, options: SupervisorOptions): Promise<Supervisor> {
  const { dir, config, secrets, authUrl, version, onStarted, givenUp } = options
  const plan = planOf(dir, config, secrets)
  const before = new Map((readRoster(dir)?.processes ?? []).map((entry) => [entry.name, entry]))
  const surplus = new Map(before)
  const kept: Kept[] = []
  const controllers: Kept[] = []

  const changed = () => {
    const processes = [...kept.map((one) => entryOf(one, before)), ...surplus.values()]
    writeRoster(dir, { authUrl, ephemeral: config.ephemeral, ...enginesOf(config), processes })
    for (const { tell, front } of fronts) tell(controllers, front())
  }
  const keep = (part: Part) => {
    const one = keepRunning(ctx, part, changed)
    kept.push(one)
    surplus.delete(part.name)
    one.started.then(
      () => onStarted(part.name),
      () => {},
    )
    return one
  }
  const keepNode = (planned: PlannedProcess, urls: Promise<Urls>) =>
    keep(nodePart(planned, { urls, version, before: before.get(planned.program.name) }))

  // All processes are spawned at once, and load their code while the database starts and is prepared.
  const located = promised<string>()
  const prepared = promised<Urls>()
  const preparing = spawnNode(plan.prepare.program)
  const fronts = plan.fronts.map((one) => {
    const tell = frontTeller(dir, one)
    tell([], undefined)
    return { tell, front: () => kept.find(({ part }) => part.name === one.planned.program.name) }
  })
  const balancers = plan.fronts.map(({ planned }) => keepNode(planned, Promise.resolve({ database: '', messaging: '' })))
  const database = config.database ? undefined : keep(postgresPart(dir, config, located.resolve))
  if (config.database) located.resolve(config.database)
  for (const planned of plan.controllers) controllers.push(keepNode(planned, prepared.promise))
  const agents = plan.agents.map((planned) => keepNode(planned, prepared.promise))

  const watchFrozen = frozenWatch(ctx)
  const looking = setInterval(() => {
    boundLogs(dir)
    watchFrozen(kept)
  }, lookEveryMs)

  const all = async (some: readonly Kept[]) => Promise.all(some.map((one) => one.stop()))
  const stop = async () => {
    clearInterval(looking)
    prepared.reject(new Error('the cloud is stopped'))
    await all(balancers)
    await all([...controllers, ...agents])
    await database?.stop()
  }
  const start = async () => {
    const databaseUrl = await located.promise
    const urls = { database: databaseUrl, messaging: config.messaging ?? databaseUrl }
    await preparing.begin(plan.prepare.orders(urls))
    onStarted('schema and seed')
    prepared.resolve(urls)
    await Promise.all([...[...surplus.values()].map(endSurplus), ...kept.map((one) => one.started)])
    surplus.clear()
    changed()
  }
  try {
    await Promise.race([start(), givenUp, ...failures(kept)])
  } catch (error) {
    await preparing.abandon()
    await stop()
    throw error
  }
  return { stop }
}

// No more than the scheme: the rest of a URL may hold a password.
function enginesOf(config: SupervisorOptions['config']): { database: string; messaging: string } {
  const database = URL.parse(config.database ?? '')?.protocol.slice(0, -1) ?? 'postgresql'
  return { database, messaging: URL.parse(config.messaging ?? '')?.protocol.slice(0, -1) ?? database }
}

/** A promise with its ends, whose rejection nobody needs to hear. */
function promised<T>() {
  const ends = Promise.withResolvers<T>()
  ends.promise.catch(() => {})
  return ends
}

const forever = async (): Promise<never> => new Promise(() => {})

// Never resolve: they only tell of a part whose first start fails.
const failures = (kept: readonly Kept[]): Promise<never>[] => kept.map(async (one) => one.started.then(forever))

// Until a part runs, what the earlier supervisor knew of it stays written down: this one may be killed before it has looked.
function entryOf({ part, state, running }: Kept, before: ReadonlyMap<string, RosterEntry>): RosterEntry {
  const life = running()
  const { name, roles, recipe } = part
  if (!life) return { ...(before.get(name) ?? { name, roles, recipe, pid: 0, startedAt: '', ports: {} }), state: state() }
  return { name, roles, recipe, state: state(), pid: life.pid, startedAt: startOf(life.pid), ports: life.ports }
}

// An earlier supervisor may have run more controllers than this one shall.
async function endSurplus(entry: RosterEntry): Promise<void> {
  const left = processOf(entry)
  if (left && entry.name !== 'postgres') await endProcess(left.pid, { first: 'SIGTERM', timeoutMs: 10_000, exited: endOf(left) })
}

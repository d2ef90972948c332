import type { Config } from '../../config/settings.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { Control } from '../balancer/control.ts'
import { keepRunning, type Kept } from './keep-running.ts'
import { signal } from '../postgres/processes.ts'
import { boundLogs } from './logs.ts'
import { spawnNode, startOf } from './node-process.ts'
import { nodePart } from './node-part.ts'
import { planOf, type Urls } from './plan.ts'
import { postgresPart } from './postgres-part.ts'
import { endProcess, endOf } from './processes.ts'
import { processOf, readRoster, type RosterEntry, writeRoster } from './roster.ts'
import type { Secrets } from './secrets.ts'
import type { StateDir } from './state-dir.ts'
import { writeWhole } from './whole-file.ts'

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
}

/**
 * Starts a cloud and keeps it running; what an earlier supervisor left running is adopted. Resolves when every part serves. Rejects with a
 * StartupError when one can't start, after ending the others.
 */
export async function superviseCloud(ctx: { clock: Clock; log: Log }, options: SupervisorOptions): Promise<Supervisor> {
  const { dir, config, secrets, authUrl, version, onStarted } = options
  const plan = planOf(dir, config, secrets)
  const before = new Map((readRoster(dir)?.processes ?? []).map((entry) => [entry.name, entry]))
  const listen = [{ host: config.host, port: config.port }]

  const located = Promise.withResolvers<string>()
  const urls = Promise.withResolvers<Urls>()
  for (const { promise } of [located, urls]) promise.catch(() => {})

  const kept: Kept[] = []
  const surplus = new Map(before)
  const controllers: Kept[] = []
  let balancer: Kept | undefined
  let backends = ''
  const changed = () => {
    writeRoster(dir, { authUrl, ephemeral: config.ephemeral, processes: [...kept.map((one) => entryOf(one, before)), ...surplus.values()] })
    tellBalancer()
  }
  const keep = (part: Parameters<typeof keepRunning>[1]) => {
    const one = keepRunning(ctx, part, changed)
    kept.push(one)
    surplus.delete(part.name)
    one.started.then(() => onStarted(part.name), () => {})
    return one
  }
  const adopting = (name: string) => ({ before: before.get(name), version })

  // The balancer reads its backends from a file, which must be there before it.
  const tellBalancer = () => {
    const running = controllers.filter((one) => one.state() === 'running')
    const control: Control = {
      listen,
      admin: { path: dir.balancerAdmin },
      backends: running.map((one) => ({ name: one.part.name, host: '127.0.0.1', port: one.running()!.port! })),
    }
    const text = JSON.stringify(control, undefined, 2)
    if (text === backends) return
    backends = text
    writeWhole(dir.control, text)
    if (balancer?.state() === 'running') signal(balancer.running()!.pid, 'SIGHUP')
  }

  const preparing = spawnNode(plan.prepare.program)
  const nothing = Promise.resolve({ database: '', messaging: '' })
  tellBalancer()
  balancer = keep(nodePart(plan.balancer, { urls: nothing, ...adopting('balancer') }))
  const database = config.database ? undefined : keep(postgresPart(dir, config, located.resolve))
  if (config.database) located.resolve(config.database)
  for (const planned of plan.controllers) controllers.push(keep(nodePart(planned, { urls: urls.promise, ...adopting(planned.program.name) })))
  const agents = plan.agents.map((planned) => keep(nodePart(planned, { urls: urls.promise, ...adopting(planned.program.name) })))
  const logs = setInterval(() => boundLogs(dir), 5_000).unref()

  const stop = async () => {
    clearInterval(logs)
    urls.reject(new Error('the cloud is stopped'))
    await balancer?.stop()
    await Promise.all([...controllers, ...agents].map((one) => one.stop()))
    await database?.stop()
  }
  try {
    await Promise.race([prepare(), ...failures(kept)])
    await Promise.all([...[...surplus.values()].map(endSurplus), ...kept.map((one) => one.started)])
    surplus.clear()
    changed()
  } catch (error) {
    await preparing.abandon()
    await stop()
    throw error
  }
  return { stop }

  async function prepare(): Promise<void> {
    const databaseUrl = await located.promise
    const found = { database: databaseUrl, messaging: config.messaging ?? databaseUrl }
    await preparing.begin(plan.prepare.orders(found))
    onStarted('schema and seed')
    urls.resolve(found)
  }
}

// Never resolve: they only tell of a part whose first start fails.
const failures = (kept: readonly Kept[]): Promise<never>[] => kept.map((one) => new Promise((_, reject) => one.started.catch(reject)))

// Until a part runs, what the earlier supervisor knew of it stays written down: this one may be killed before it has looked.
function entryOf({ part, state, running }: Kept, before: ReadonlyMap<string, RosterEntry>): RosterEntry {
  const life = running()
  const { name, roles, recipe } = part
  if (!life) return { ...(before.get(name) ?? { name, roles, recipe, pid: 0, startedAt: '' }), state: state() }
  return { name, roles, recipe, state: state(), pid: life.pid, startedAt: startOf(life.pid), ...(life.port !== undefined && { port: life.port }) }
}

// An earlier supervisor may have run more controllers than this one shall.
async function endSurplus(entry: RosterEntry): Promise<void> {
  const left = processOf(entry)
  if (left && entry.name !== 'postgres') await endProcess(left.pid, { first: 'SIGTERM', timeoutMs: 10_000, exited: endOf(left) })
}

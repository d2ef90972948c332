import { openPolicy } from '../cloud/policy.ts'
import { appOf } from '../cloud/service.ts'
import type { Background } from '../kernel/again-and-again.ts'
import { systemClock, systemIds, type Clock, type Ids } from '../kernel/clock.ts'
import { patienceMs, type Context } from '../kernel/context.ts'
import { openHealth } from '../kernel/http/health.ts'
import { listen, type HttpServer, type Mount } from '../kernel/http/server.ts'
import { openMessaging } from '../kernel/messaging/open-messaging.ts'
import { withSecondWay } from '../kernel/messaging/second-way.ts'
import { registryOf } from '../kernel/sagas/saga.ts'
import { openWorker } from '../kernel/sagas/worker.ts'
import { openDatabase, type DatabaseOptions } from '../kernel/sql/database.ts'
import { openVault } from '../kernel/vault.ts'
import { agentsPrefix } from '../topology/agents-door.ts'
import { apiOf } from '../topology/services.ts'
import { openTokens } from '../keystone/contract.ts'
import { watchAddress } from './address/watch.ts'
import { agentsApp } from './agents/app.ts'
import { openAgentsWay } from './agents/way.ts'
import { queueCheck } from './checks.ts'
import { servicesOf, type ServiceOptions } from './services.ts'
import { openUpkeep } from './upkeep.ts'
import { watchDatabase } from './watch-database.ts'
import type { Log } from '../kernel/log.ts'
import type { Engine } from '../kernel/sagas/engine.ts'

export interface ControllerOptions extends ServiceOptions {
  /** Its name among its peers: controller-1. */
  readonly name: string
  readonly databaseUrl: string
  readonly messagingUrl: string
  /** The secret that all controllers of a cloud share. */
  readonly secret: string
  readonly roles: readonly string[]
  readonly host: string
  /** Where it serves every API under its prefix; 0 lets the system choose. */
  readonly port: number
  /** Whether each API also has its own port, as a classic OpenStack has; 'any' lets the system choose them, for a balancer to bring the classic ones. */
  readonly nativePorts?: boolean | 'any'
  /** The web origins whose pages may use the APIs from a browser; none unless said. */
  readonly corsOrigins?: readonly string[]
  /** The operator's policy.yaml: rule → check. */
  readonly policies?: Readonly<Record<string, string>>
  /** Where the other controllers answer: http://10.0.0.12:7771. One of them that reaches the database shows that it is there. */
  readonly peers?: readonly string[]
  /** The cloud's floating address, where several balancers share one. */
  readonly floatingAddress?: string
  readonly log: Log
  readonly clock?: Clock
  readonly ids?: Ids
  readonly poolSize?: number
  readonly instrument?: DatabaseOptions['instrument']
  readonly probe?: Engine['probe']
}

export interface Controller {
  readonly port: number
  /** Each API's own port, by its role; empty unless asked for. */
  readonly nativePorts: Readonly<Record<string, number>>
  readonly ctx: Context
  /** Fails the health check, serves for `lingerMs` more, then ends what runs and closes everything. */
  stop(options?: { lingerMs?: number }): Promise<void>
}

/** Opens one controller in this process: the APIs, the workers and the chores of its roles. The schema must be there. */
export async function openController(options: ControllerOptions): Promise<Controller> {
  const { log, clock = systemClock, ids = systemIds } = options
  const roles = new Set(options.roles)
  const services = servicesOf(options)
  const database = openDatabase({ url: options.databaseUrl, log, ...pick(options, 'poolSize', 'instrument') })
  const queue = await openMessaging({ url: options.messagingUrl, log, clock, ids })
  // Where the queue is the database itself, there is no second way that could be there without it.
  const agentsWay = options.messagingUrl === options.databaseUrl ? undefined : openAgentsWay(database)
  const messaging = agentsWay ? withSecondWay(queue, agentsWay, { clock, log }) : queue
  const ctx: Context = {
    db: database.db,
    dialect: database.dialect,
    messaging,
    clock,
    ids,
    log,
    vault: openVault(options.secret),
    requestId: `${options.name}-start`,
    patienceUntilMs: clock.monotonicMs() + patienceMs,
  }
  const policy = openPolicy(
    services.flatMap((service) => service.policies),
    options.policies,
  )
  const tokens = openTokens()
  const databaseWatch = watchDatabase(ctx, options.peers ?? [])
  const address = options.floatingAddress
  const addressWatch = address === undefined ? undefined : watchAddress(ctx, { address, controller: options.name })
  const health = openHealth(
    { database: databaseWatch.check, queue: queueCheck(ctx), ...(addressWatch && { address: addressWatch.check }) },
    databaseWatch.ails,
  )
  const apps = services
    .filter((service) => roles.has(service.name))
    .map((service) => appOf(service, { type: apiOf(service.name).type, tokens, policy }))
  const engine: Engine = {
    registry: registryOf(services.flatMap((service) => service.sagas ?? [])),
    roles,
    takesReports: roles.has('nova-conductor'),
    ...pick(options, 'probe'),
  }
  const background: Background[] = [
    databaseWatch,
    ...(addressWatch ? [addressWatch] : []),
    await openWorker(ctx, engine),
    openUpkeep(
      ctx,
      options.name,
      services.flatMap((service) => service.upkeep ?? []),
    ),
    ...(await Promise.all(services.map(async (service) => service.background?.(ctx, roles, options.name)))).filter(
      (one) => one !== undefined,
    ),
  ]
  const mounts: Mount[] = [
    ...apps.map((app) => ({ prefix: apiOf(app.name).prefix, app })),
    ...(agentsWay ? [{ prefix: agentsPrefix, app: agentsApp(agentsWay, options.secret) }] : []),
  ]
  const front = { host: options.host, health, ...pick(options, 'corsOrigins') }
  const servers: HttpServer[] = [await listen(ctx, { ...front, port: options.port, mounts })]
  const nativePorts: Record<string, number> = {}
  for (const app of options.nativePorts ? apps : []) {
    const port = options.nativePorts === 'any' ? 0 : apiOf(app.name).port
    const server = await listen(ctx, { ...front, port, mounts: [{ prefix: '', app }] })
    nativePorts[app.name] = server.port
    servers.push(server)
  }
  return {
    port: servers[0]!.port,
    nativePorts,
    ctx,
    async stop(stopOptions) {
      await Promise.all(servers.map((server) => server.stop(stopOptions)))
      await Promise.all(background.map((one) => one.stop()))
      health.close()
      await messaging.close()
      await database.close()
    },
  }
}

// Optional settings pass on only when they are there.
function pick<T extends object, K extends keyof T>(from: T, ...names: K[]): { [P in K]?: NonNullable<T[P]> } {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]])) as {
    [P in K]?: NonNullable<T[P]>
  }
}

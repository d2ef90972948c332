import { join } from 'node:path'
import type { Config } from '../../config/settings.ts'
import { controllerRoles } from '../../topology/services.ts'
import type { NodeProcess, Orders } from './node-process.ts'
import type { Secrets } from './secrets.ts'
import { logOf, type StateDir } from './state-dir.ts'

/** One of our own programs in the plan of a cloud. */
export interface PlannedProcess {
  readonly roles: readonly string[]
  readonly program: NodeProcess
  orders(urls: Urls): Orders
}

/** Where the cloud's database and queue are. */
export interface Urls {
  readonly database: string
  readonly messaging: string
}

export interface Plan {
  readonly prepare: PlannedProcess
  readonly balancer: PlannedProcess
  readonly controllers: readonly PlannedProcess[]
  readonly agents: readonly PlannedProcess[]
}

/** Which of our own processes make up the cloud of this configuration. */
export function planOf(dir: StateDir, config: Config, secrets: Secrets): Plan {
  // Whoever listens behind the balancer takes any free port of this machine, and tells which.
  const behind = { host: '127.0.0.1', port: 0 }
  const planned = (
    name: string,
    roles: readonly string[],
    program: Pick<NodeProcess, 'command' | 'heapMb' | 'stopSignal' | 'stopTimeoutMs'>,
    listen: Pick<Config, 'host' | 'port'> = behind,
  ) => ({
    roles,
    program: { ...program, name, logPath: logOf(dir, name) },
    orders: ({ database, messaging }: Urls): Orders => ({
      kind: 'orders',
      stateDir: dir.root,
      config: {
        ...config,
        name,
        database,
        messaging,
        secret: secrets.cloudSecret,
        adminPassword: secrets.adminPassword,
        imageFolder: config.imageFolder ?? dir.images,
        ...listen,
      },
    }),
  })
  return {
    prepare: planned('prepare', [], { command: ['prepare'], heapMb: { old: 256, young: 4 }, stopSignal: 'SIGKILL', stopTimeoutMs: 0 }),
    balancer: planned(
      'balancer',
      ['balancer'],
      { command: ['serve', 'balancer', '--control', dir.control], heapMb: { old: 128, young: 2 }, stopSignal: 'SIGTERM', stopTimeoutMs: 10_000 },
      { host: config.host, port: config.port },
    ),
    controllers: Array.from({ length: config.controllers }, (_, index) =>
      planned(`controller-${index + 1}`, controllerRoles, {
        command: ['serve', 'controller'],
        heapMb: { old: 384, young: 4 },
        // The balancer has let all requests finish, so there is nothing to linger for.
        stopSignal: 'SIGINT',
        stopTimeoutMs: 15_000,
      }),
    ),
    agents:
      config.hosts === 0
        ? []
        : [planned('nova-compute-1', ['nova-compute'], { command: ['serve', 'nova-compute'], heapMb: { old: 256, young: 2 }, stopSignal: 'SIGTERM', stopTimeoutMs: 15_000 })],
  }
}

/** Where PostgreSQL's templates may be kept: beside the dependencies, so that they go with them. */
export const cacheDir = join(import.meta.dirname, '../../../node_modules/.cache/skykeel')

import { join } from 'node:path'
import type { Config } from '../../config/settings.ts'
import { controllerRoles, type ServiceEntry, services } from '../../topology/services.ts'
import { rootUrlOf } from '../address.ts'
import type { NodeProcess, Orders } from './node-process.ts'
import type { Secrets } from './secrets.ts'
import { controlOf, logOf, type StateDir } from './state-dir.ts'

/** One of our own programs in the plan of a cloud. */
export interface PlannedProcess {
  readonly roles: readonly string[]
  readonly single: boolean
  readonly program: NodeProcess
  orders(urls: Urls): Orders
}

/** A balancer, and which of the controllers' ports it leads to. */
export interface PlannedFront {
  readonly planned: PlannedProcess
  readonly listen: Address
  /** A role, or '' for the port of all APIs. */
  readonly leadsTo: string
}

type Address = Pick<Config, 'host' | 'port'>

/** Where the cloud's database and queue are. */
export interface Urls {
  readonly database: string
  readonly messaging: string
}

export interface Plan {
  readonly prepare: PlannedProcess
  readonly fronts: readonly PlannedFront[]
  readonly controllers: readonly PlannedProcess[]
  readonly agents: readonly PlannedProcess[]
}

type Manner = Pick<NodeProcess, 'command' | 'heapMb' | 'stopSignal' | 'stopTimeoutMs'>

// The balancer has let all requests finish before controllers are ended, so there is nothing to linger for: SIGINT.
const controller: Manner = { command: ['serve', 'controller'], heapMb: { old: 384, young: 4 }, stopSignal: 'SIGINT', stopTimeoutMs: 15_000 }
const agent: Manner = { command: ['serve', 'nova-compute'], heapMb: { old: 256, young: 2 }, stopSignal: 'SIGTERM', stopTimeoutMs: 15_000 }
const prepare: Manner = { command: ['prepare'], heapMb: { old: 256, young: 4 }, stopSignal: 'SIGKILL', stopTimeoutMs: 0 }
const balancer = (control: string): Manner => ({
  command: ['serve', 'balancer', '--control', control],
  heapMb: { old: 128, young: 2 },
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
})

/** Which of our own processes make up the cloud of this configuration. */
export function planOf(dir: StateDir, config: Config, secrets: Secrets): Plan {
  // Whoever listens behind the balancer takes any free port of this machine, and tells which.
  const behind: Address = { host: '127.0.0.1', port: 0 }
  const planned = (
    name: string,
    roles: readonly string[],
    manner: Manner,
    { listen = behind, single = true, more = {} }: { listen?: Address; single?: boolean; more?: Partial<Config> } = {},
  ): PlannedProcess => ({
    roles,
    single,
    program: { ...manner, name, logPath: logOf(dir, name) },
    orders: ({ database, messaging }) => ({
      kind: 'orders',
      stateDir: dir.root,
      config: { ...shared, ...listen, ...more, name, database, messaging },
    }),
  })
  const { cloudSecret: secret, adminPassword } = secrets
  const shared = { ...config, secret, adminPassword, imageFolder: config.imageFolder ?? dir.images }
  // A queue of its own may be away; the database and what is on it is not, or nothing is there.
  const secondWay = config.messaging === undefined ? {} : { secondWay: rootUrlOf(config) }
  const front = (name: string, leadsTo: string, listen: Address): PlannedFront => ({
    planned: planned(name, ['balancer'], balancer(controlOf(dir, name)), { listen }),
    listen,
    leadsTo,
  })
  return {
    prepare: planned('prepare', [], prepare),
    fronts: [
      front('balancer', '', { host: config.host, port: config.port }),
      ...(config.nativePorts ? nativePorts.map(({ role, port }) => front(`balancer-${role}`, role, { host: config.host, port })) : []),
    ],
    controllers: numbered('controller', config.controllers).map((name) => planned(name, controllerRoles, controller, { single: false })),
    agents: config.hosts === 0 ? [] : [planned('nova-compute-1', ['nova-compute'], agent, { single: false, more: secondWay })],
  }
}

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)

const nativePorts = (services as readonly ServiceEntry[]).flatMap(({ name, api }) => (api ? [{ role: name, port: api.port }] : []))

/** Where PostgreSQL's templates may be kept: beside the dependencies, so that they go with them. */
export const cacheDir = join(import.meta.dirname, '../../../node_modules/.cache/skykeel')

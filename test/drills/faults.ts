import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../helpers/until.ts'
import type { Caller } from './calls.ts'
import type { EmbeddedCloud } from '../helpers/embedded-cloud.ts'

/** One kind of blow. */
export interface Fault {
  readonly name: string
  /** Whether requests may wait, or be refused with 503 and Retry-After, while it lasts: the database itself is down. */
  readonly mayRefuse?: boolean
  /** Strikes; resolves when what was struck has been (or has begun to be) put right by the cloud itself. */
  strike(): Promise<void>
}

export interface Struck {
  readonly cloud: EmbeddedCloud
  readonly call: Caller
  /** The broker, where the queue is RabbitMQ. */
  readonly broker?: { kill9(): Promise<void>; restart(): Promise<void> }
}

const allRun = (cloud: EmbeddedCloud) =>
  until(async () => (await cloud.processes()).every((process) => process.state === 'running'), {
    what: 'all processes to run',
    timeoutMs: 30_000,
    everyMs: 100,
  })

/** All kinds, in the order in which a round strikes. */
export function faultsOf({ cloud, call, broker }: Struck): readonly Fault[] {
  const kill = (name: string): Fault => ({
    name: `kill -9 ${name}`,
    async strike() {
      process.kill(await cloud.pidOf(name), 'SIGKILL')
      await allRun(cloud)
    },
  })
  let turn = 0
  const midPost: Fault = {
    name: 'kill -9 a controller mid-POST',
    async strike() {
      const victim = await cloud.pidOf(`controller-${1 + (turn++ % 2)}`)
      // A burst of POSTs, and the blow falls while they run.
      const burst = Array.from({ length: 6 }, (_, index) =>
        call('POST', '/networking/v2.0/security-groups', { security_group: { name: `burst-${turn}-${index}` } }),
      )
      await pause(4)
      process.kill(victim, 'SIGKILL')
      await Promise.all(burst)
      await allRun(cloud)
    },
  }
  const freeze: Fault = {
    name: 'SIGSTOP controller-1 for 10 s',
    async strike() {
      const victim = await cloud.pidOf('controller-1')
      process.kill(victim, 'SIGSTOP')
      await pause(10_000)
      process.kill(victim, 'SIGCONT')
      await allRun(cloud)
    },
  }
  const database: Fault = { ...kill('postgres'), name: 'kill -9 PostgreSQL', mayRefuse: true }
  const queue: Fault[] = broker
    ? [
        {
          name: 'kill -9 RabbitMQ',
          async strike() {
            await broker.kill9()
            await broker.restart()
          },
        },
      ]
    : []
  return [kill('controller-1'), kill('nova-compute-1'), kill('controller-2'), midPost, ...queue, freeze, database]
}

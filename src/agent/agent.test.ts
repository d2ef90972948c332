import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ordersMailbox } from '../topology/mailboxes.ts'
import { openAgent, type Agent, type AgentOptions } from './agent.ts'
import { openSimDriver, type SimAct, type SimOptions } from './drivers/sim.ts'
import { systemClock, systemIds } from '../kernel/clock.ts'
import { conflict } from '../kernel/errors.ts'
import { openPostgresMessaging } from '../kernel/messaging/postgres.ts'
import { openRabbitMessaging } from '../kernel/messaging/rabbitmq.ts'
import { quietLog } from '../../test/helpers/quiet-log.ts'
import { rabbitInstalled, startRabbit } from '../../test/helpers/rabbitmq.ts'
import { newQueue } from '../../test/helpers/test-databases.ts'
import { until } from '../../test/helpers/until.ts'
import type { Messaging } from '../kernel/messaging/messaging.ts'
import type { Order, Report } from '../kernel/sagas/orders.ts'
import type { Driver } from './drivers/driver.ts'

const base = { log: quietLog, clock: systemClock, ids: systemIds }

const queues = {
  postgres: async () => {
    const queue = await newQueue()
    return { url: queue.url, messaging: await openPostgresMessaging({ ...base, url: queue.url, leaseMs: 1000 }), end: () => queue.drop() }
  },
  rabbitmq: async () => {
    const rabbit = await startRabbit()
    return { url: rabbit.url, messaging: await openRabbitMessaging({ ...base, url: rabbit.url }), end: () => rabbit.stop() }
  },
}

const names: readonly (keyof typeof queues)[] = rabbitInstalled ? ['postgres', 'rabbitmq'] : ['postgres']

describe.each(names)('an agent on %s', (name) => {
  let queue: { url: string; messaging: Messaging; end(): Promise<void> }
  const reports: Report[] = []
  const heartbeats: any[] = []
  beforeAll(async () => {
    queue = await queues[name]()
    await queue.messaging.receive('reports', { concurrency: 4 }, async ({ body }) => void reports.push(body as Report))
    await queue.messaging.receive('nova-hosts', { concurrency: 4 }, async ({ body }) => void heartbeats.push(body))
  })
  afterAll(async () => {
    await queue.messaging.close()
    await queue.end()
  })
  beforeEach(() => {
    reports.length = 0
    heartbeats.length = 0
  })

  const resources = { vcpus: 8, memoryMb: 8192, diskGb: 100 }
  const aHost = () => `host-${systemIds.uuid()}`
  const specOf = (id: string) => ({ server: { id, name: 'vm', vcpus: 1, memoryMb: 64, diskGb: 1, imageId: null, nics: [] } })
  const anOrder = (subject: string, order: string, fence: number, more: Partial<Order> = {}): Order => ({
    saga: `saga-${subject}`,
    step: 2,
    fence,
    subject,
    undo: false,
    name: order,
    requestId: 'req-1',
    body: order === 'build' ? specOf(subject) : {},
    ...more,
  })
  const give = (host: string, order: Order) => queue.messaging.send(ordersMailbox(host), { id: systemIds.uuid(), body: order })
  const told = (order: Order, count = 1) =>
    until(
      () => {
        const mine = reports.filter((report) => report.saga === order.saga && report.step === order.step && report.fence === order.fence)
        return mine.length >= count ? mine : undefined
      },
      { what: `${count} report(s) of ${order.name}` },
    )

  const withAgent = async (
    options: Partial<AgentOptions> & { sim?: Omit<SimOptions, 'clock'> },
    work: (world: { agent: Agent; driver: Driver; host: string }) => Promise<void>,
  ) => {
    const { sim, ...more } = options
    const driver = more.driver ?? (await openSimDriver({ clock: systemClock, ...sim }))
    const hosts = more.hosts ?? [{ name: aHost(), resources }]
    const agent = await openAgent({ ...base, messaging: queue.messaging, name: 'agent-1', ...more, hosts, driver })
    try {
      await work({ agent, driver, host: hosts[0]!.name })
    } finally {
      await agent.stop()
    }
  }

  test('an order is carried out and reported', () =>
    withAgent({}, async ({ driver, host }) => {
      const id = systemIds.uuid()
      const build = anOrder(id, 'build', 3)
      await give(host, build)
      const [report] = await told(build)
      expect(report).toMatchObject({ saga: build.saga, step: 2, fence: 3, undo: false, result: { power: 'running' } })
      expect((report!.result as any).console).toContain('vm login:')
      expect(driver.guests(host)).toEqual([id])
      const stop = anOrder(id, 'stop', 5)
      await give(host, stop)
      expect((await told(stop))[0]!.result).toMatchObject({ power: 'shutdown' })
      const start = anOrder(id, 'start', 7)
      await give(host, start)
      const [started] = await told(start)
      expect((started!.result as any).console).toContain('boot 2')
      const destroy = anOrder(id, 'destroy', 9)
      await give(host, destroy)
      expect((await told(destroy))[0]!.fault).toBeUndefined()
      expect(driver.guests(host)).toEqual([])
    }))

  test('an order that comes again is reported again, and not done again', async () => {
    const acts: SimAct[] = []
    await withAgent({ sim: { beforeAct: (act) => void acts.push(act) } }, async ({ host }) => {
      const id = systemIds.uuid()
      const [build, reboot] = [anOrder(id, 'build', 3), anOrder(id, 'reboot', 5)]
      await give(host, build)
      await told(build)
      await Promise.all([give(host, reboot), give(host, reboot), give(host, reboot)])
      const repeats = await told(reboot, 3)
      expect(new Set(repeats.map((report) => JSON.stringify(report))).size).toBe(1)
      expect(acts.map((act) => act.verb)).toEqual(['build', 'reboot'])
    })
  })

  test('an order that was passed is void', () =>
    withAgent({}, async ({ driver, host }) => {
      const id = systemIds.uuid()
      const [late, destroy, after] = [anOrder(id, 'build', 3), anOrder(id, 'destroy', 5), anOrder(systemIds.uuid(), 'build', 1)]
      await give(host, destroy)
      await told(destroy)
      await give(host, late)
      await give(host, after)
      await told(after)
      expect(driver.guests(host)).toEqual([after.subject])
      expect(reports.filter((report) => report.saga === late.saga && report.fence === 3)).toEqual([])
    }))

  test('deleting ends a build that takes long', () => {
    const acts: SimAct[] = []
    return withAgent({ sim: { delaysMs: { build: 60_000 }, beforeAct: (act) => void acts.push(act) } }, async ({ driver, host }) => {
      const id = systemIds.uuid()
      await give(host, anOrder(id, 'build', 3))
      await until(() => acts.length === 1, { what: 'the build to begin' })
      const destroy = anOrder(id, 'destroy', 5, { undo: true })
      await give(host, destroy)
      expect((await told(destroy))[0]).toMatchObject({ undo: true })
      expect(driver.guests(host)).toEqual([])
    })
  })

  test('a refusal is reported as such, and stays one', async () => {
    let isFull = true
    const refuse = () => {
      if (isFull) throw conflict('no room on this host')
    }
    await withAgent({ sim: { beforeAct: refuse } }, async ({ driver, host }) => {
      const build = anOrder(systemIds.uuid(), 'build', 3)
      await give(host, build)
      expect((await told(build))[0]!.fault).toEqual({ kind: 'conflict', message: 'no room on this host' })
      isFull = false
      await give(host, build)
      expect((await told(build, 2))[1]!.fault).toEqual({ kind: 'conflict', message: 'no room on this host' })
      expect(driver.guests(host)).toEqual([])
      const [dance, gone] = [anOrder(systemIds.uuid(), 'dance', 3), anOrder(systemIds.uuid(), 'start', 3)]
      await Promise.all([give(host, dance), give(host, gone)])
      expect((await told(dance))[0]!.fault!.message).toBe('The host knows no order "dance".')
      expect((await told(gone))[0]!.fault!.kind).toBe('notFound')
    })
  })

  test('an order that fails is tried again until it works', async () => {
    let failures = 2
    const fail = () => {
      if (failures-- > 0) throw new Error('the hypervisor does not answer')
    }
    await withAgent({ sim: { beforeAct: fail } }, async ({ driver, host }) => {
      const build = anOrder(systemIds.uuid(), 'build', 3)
      await give(host, build)
      await told(build)
      expect(driver.guests(host)).toEqual([build.subject])
    })
  })

  test('a report is sent until it is confirmed', async () => {
    let outages = 3
    const send: Messaging['send'] = async (mailbox, message) => {
      if (mailbox === 'reports' && outages-- > 0) throw new Error('not confirmed')
      return queue.messaging.send(mailbox, message)
    }
    await withAgent({ messaging: { ...queue.messaging, send } }, async ({ host }) => {
      const build = anOrder(systemIds.uuid(), 'build', 3)
      await give(host, build)
      await told(build)
      expect(outages).toBe(-1)
    })
  })

  test('guests and fences outlive the agent', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'skykeel-agent-'))
    const hosts = [{ name: aHost(), resources }]
    const id = systemIds.uuid()
    const build = anOrder(id, 'build', 3)
    await withAgent({ sim: { stateDir }, stateDir, hosts }, async ({ host }) => {
      await give(host, build)
      await told(build)
    })
    await withAgent({ sim: { stateDir }, stateDir, hosts }, async ({ driver, host }) => {
      expect(driver.guests(host)).toEqual([id])
      await give(host, build)
      const [first, second] = await told(build, 2)
      expect(second).toEqual(first)
      const lists = () => heartbeats.filter((beat) => beat.hosts[0].name === host && beat.hosts[0].guests)
      await until(() => lists().some((beat) => beat.hosts[0].guests.length === 1))
      expect(lists().at(-1)).toEqual({ agent: 'agent-1', hosts: [{ name: host, driver: 'sim', resources, guests: [{ id, fence: 3 }] }] })
    })
    await rm(stateDir, { recursive: true })
  })

  if (name === 'postgres')
    test('an order whose agent is killed midway ends with exactly one guest', async () => {
      const stateDir = await mkdtemp(join(tmpdir(), 'skykeel-agent-'))
      const hosts = [{ name: aHost(), resources }]
      const build = anOrder(systemIds.uuid(), 'build', 3)
      const script = join(import.meta.dirname, '../../test/helpers/agent-process.ts')
      const doomed = spawn(process.execPath, [script, queue.url, stateDir, hosts[0]!.name, '60000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await give(hosts[0]!.name, build)
      await once(doomed.stdout, 'data')
      doomed.kill('SIGKILL')
      await once(doomed, 'exit')
      await withAgent({ sim: { stateDir }, stateDir, hosts }, async ({ driver, host }) => {
        await told(build)
        expect(driver.guests(host)).toEqual([build.subject])
      })
      await rm(stateDir, { recursive: true })
    })

  // On a broker each host has a quorum queue, which is dear: there an agent speaks for its own machine, or for some.
  const many = name === 'postgres' ? 2000 : 50
  test(`${many} hosts fit into one agent`, () => {
    const hosts = Array.from({ length: many }, (_, index) => ({ name: `many-${index}-${systemIds.hex()}`, resources }))
    return withAgent({ hosts, heartbeatMs: 200 }, async () => {
      await until(() => heartbeats.filter((beat) => beat.hosts.length === many).length >= 2, { what: 'two heartbeats for all hosts' })
      const orders = hosts.slice(0, many / 10).map((host) => ({ host: host.name, order: anOrder(systemIds.uuid(), 'build', 1) }))
      await Promise.all(orders.map(({ host, order }) => give(host, order)))
      await until(() => orders.every(({ order }) => reports.some((report) => report.saga === order.saga)), { what: 'all reports' })
    })
  })
})

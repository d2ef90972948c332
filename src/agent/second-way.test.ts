import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { aCloud, cloudSecret, type TestCloud } from '../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../test/helpers/compute-hosts.ts'
import { freePort } from '../../test/helpers/free-port.ts'
import { quietLog as log } from '../../test/helpers/quiet-log.ts'
import { aServer, isGone, leftovers, serverIn, serverParts, type ServerParts, statusIs } from '../../test/helpers/servers.ts'
import { openTcpProxy, type TcpProxy } from '../../test/helpers/tcp-proxy.ts'
import { newQueue } from '../../test/helpers/test-databases.ts'
import { until } from '../../test/helpers/until.ts'
import { systemClock as clock, systemIds as ids } from '../kernel/clock.ts'
import type { Messaging } from '../kernel/messaging/messaging.ts'
import { openMessaging } from '../kernel/messaging/open-messaging.ts'
import { withSecondWay } from '../kernel/messaging/second-way.ts'
import { parseDatabaseUrl } from '../kernel/sql/hosts.ts'
import { ordersMailbox } from '../topology/mailboxes.ts'
import { keepMessage, keptMessages } from '../kernel/messaging/kept-messages.ts'
import { hostKey } from '../topology/agents-door.ts'
import { askControllers } from './second-way.ts'

// Two controllers and two hosts. Controllers and hosts reach the queue by wires of their own, so that it can be away for all or some.
describe('a cloud whose queue goes away', { timeout: 60_000 }, () => {
  let cloud: TestCloud
  let hosts: ComputeHosts
  let parts: ServerParts
  let queue: Awaited<ReturnType<typeof newQueue>>
  let wires: Record<'controllers' | 'hosts', TcpProxy>
  const opened: Messaging[] = []
  const acts: string[] = []

  beforeAll(async () => {
    queue = await newQueue()
    const { port } = parseDatabaseUrl(inject('databaseServers').postgres).hosts[0]!
    wires = { controllers: await openTcpProxy(port), hosts: await openTcpProxy(port) }
    const by = (wire: TcpProxy) => queue.url.replace(`:${port}/`, `:${wire.port}/`)
    const unused = await freePort()
    cloud = await aCloud('postgres', { controllers: 2, each: () => ({ messagingUrl: by(wires.controllers) }) })
    // One of the controllers that hosts know of is down all the time.
    const urls = [`http://127.0.0.1:${unused}`, ...cloud.controllers.map(({ port: own }) => `http://127.0.0.1:${own}`)]
    const names = ['compute1', 'compute2']
    const toQueue = new Map<string, Messaging>()
    for (const name of names) toQueue.set(name, await openMessaging({ url: by(wires.hosts), log, clock, ids }))
    hosts = await computeHosts(cloud, {
      names,
      messagingOf(name) {
        const way = askControllers({ urls, hosts: [{ name, key: hostKey(cloudSecret, name) }], clock, ids, log })
        const messaging = withSecondWay(toQueue.get(name)!, way, { clock, log })
        opened.push(messaging)
        return messaging
      },
    })
    hosts.beforeAct = ({ verb, host, id }) => void acts.push(`${verb} ${id} on ${host}`)
    parts = await serverParts(cloud)
  }, 60_000)
  afterAll(async () => {
    heal()
    await hosts?.stop()
    await Promise.all(opened.map((one) => one.close()))
    await cloud?.close()
    await Promise.all([...Object.values(wires).map((wire) => wire.stop()), queue.drop()])
  })

  const cut = (...which: (keyof typeof wires)[]) => which.forEach((name) => (wires[name].fate = () => 'lose'))
  const heal = () => Object.values(wires).forEach((wire) => (wire.fate = () => 'pass'))
  const queueIs = (there: boolean) =>
    until(() => [...cloud.controllers.map(({ ctx }) => ctx.messaging), ...opened].every((one) => one.healthy() === there), {
      what: `the queue to be ${there ? 'there' : 'away'}`,
      timeoutMs: 15_000,
    })
  const buildsOf = (id: string) => acts.filter((act) => act.startsWith(`build ${id}`))

  test('goes on building and deleting, within seconds', async () => {
    cut('controllers', 'hosts')
    await queueIs(false)
    const begun = clock.monotonicMs()
    const id = await serverIn(cloud, parts)
    expect(clock.monotonicMs() - begun).toBeLessThan(5000)
    expect((await cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)).status).toBe(204)
    await isGone(cloud, id, 5000)
    expect(buildsOf(id)).toHaveLength(1)
  })

  test('goes on hearing its hosts', async () => {
    const seen = async () => {
      const { body } = await cloud.as('admin').get('/compute/v2.1/os-services?binary=nova-compute')
      return (body.services as { updated_at: string }[]).map(({ updated_at }) => updated_at)
    }
    const before = await seen()
    expect(before).toHaveLength(2)
    await until(async () => (await seen()).every((at, index) => at > before[index]!), { what: 'both hosts to be heard of again' })
  })

  test('gets through much work as fast as its hosts do it, and not at the pace at which they ask', async () => {
    const mailbox = ordersMailbox('compute1')
    const count = 60
    const guest = ids.uuid()
    const order = (fence: number) => ({
      saga: ids.uuid(),
      step: 1,
      fence,
      subject: guest,
      undo: false,
      name: 'destroy',
      requestId: 'r',
      body: {},
    })
    for (let fence = 1; fence <= count; fence++) await keepMessage(cloud.ctx, mailbox, { id: ids.uuid(), body: order(fence) })
    const left = async () => (await keptMessages(cloud.ctx, mailbox, [], 1)).length
    const begun = clock.monotonicMs()
    await until(async () => (await left()) === 0, { what: 'all orders to be taken' })
    // Four at a time and twice a second, it would take seven.
    expect(clock.monotonicMs() - begun).toBeLessThan(5000)
  })

  test('loses and doubles nothing when the queue comes and goes in the middle of the work', async () => {
    const ask = async () => (await cloud.as('demo').post('/compute/v2.1/servers', aServer(parts))).body.server.id as string
    const built: string[] = []
    heal()
    built.push(await ask())
    await queueIs(true)
    built.push(await ask(), await ask())
    cut('controllers', 'hosts')
    built.push(await ask(), await ask())
    await queueIs(false)
    built.push(await ask())
    heal()
    built.push(await ask())
    for (const id of built) await statusIs(cloud, id, 'ACTIVE')
    expect(built.map((id) => buildsOf(id).length)).toEqual(built.map(() => 1))
    for (const id of built) await cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)
    for (const id of built) await isGone(cloud, id)
    expect(await leftovers(cloud)).toEqual([])
  })

  test.each(['controllers', 'hosts'] as const)('serves also when it is away for the %s alone', async (side) => {
    heal()
    await queueIs(true)
    cut(side)
    const id = await serverIn(cloud, parts)
    await cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)
    await isGone(cloud, id)
    expect(buildsOf(id)).toHaveLength(1)
  })

  test('keeps nothing that hosts have taken', async () => {
    heal()
    await queueIs(true)
    const rows = () => cloud.ctx.db.selectFrom('kernel_kept_messages').select('id').execute()
    await until(async () => (await rows()).length === 0, { what: 'nothing to be kept', timeoutMs: 15_000 })
  })
})

test('another controller is asked beside one that takes a request and says nothing, and first the next time', async () => {
  const asked: string[] = []
  const serve = async (name: string, says: boolean): Promise<Server> => {
    const server = createServer((_, response) => {
      asked.push(name)
      if (says) response.writeHead(204).end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return server
  }
  const servers = [await serve('silent', false), await serve('well', true)]
  try {
    const urls = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const way = askControllers({ urls, hosts: [{ name: 'compute1', key: 'k' }], clock, ids: { ...ids, chance: () => 0 }, log })
    const begun = clock.monotonicMs()
    await way.send('reports', { id: '1', body: {} })
    // By itself the silent one would be waited for ten seconds.
    expect(clock.monotonicMs() - begun).toBeLessThan(5000)
    await way.send('reports', { id: '2', body: {} })
    expect(asked).toEqual(['silent', 'well', 'well'])
  } finally {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  }
})

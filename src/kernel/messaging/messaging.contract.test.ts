import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../../test/helpers/free-port.ts'
import { startPrivatePostgres } from '../../../test/helpers/private-postgres.ts'
import { quietLog } from '../../../test/helpers/quiet-log.ts'
import { rabbitInstalled, startRabbit } from '../../../test/helpers/rabbitmq.ts'
import { until } from '../../../test/helpers/until.ts'
import { systemClock, systemIds } from '../clock.ts'
import type { Messaging } from './messaging.ts'
import { openMessaging } from './open-messaging.ts'
import { messageTables } from './tables.sql.ts'

interface Server {
  readonly url: string
  kill9(): Promise<void>
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

async function startPostgresQueue(): Promise<Server> {
  const server = await startPrivatePostgres()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  for (const statement of messageTables) await client.query(statement)
  await client.end()
  return server
}

const drivers: readonly [name: string, installed: boolean, start: () => Promise<Server>][] = [
  ['postgres', true, startPostgresQueue],
  ['rabbitmq', rabbitInstalled, startRabbit],
]

describe.each(drivers)('a message queue on %s', (_name, installed, start) => {
  let server: Server
  let count = 0
  let mailbox = ''
  const opened: Messaging[] = []

  beforeAll(async () => {
    if (installed) server = await start()
  }, 120_000)
  afterAll(() => server?.stop())
  beforeEach((context) => {
    if (!installed) context.skip()
    mailbox = `mailbox-${++count}`
  })
  afterEach(() => Promise.all(opened.splice(0).map((messaging) => messaging.close())))

  const open = async (more: { url?: string; confirmTimeoutMs?: number } = {}): Promise<Messaging> => {
    const messaging = await openMessaging({ url: server.url, log: quietLog, clock: systemClock, ids: systemIds, ...more })
    opened.push(messaging)
    return messaging
  }
  /** Notes what a mailbox gives. */
  const collect = async (messaging: Messaging, name = mailbox) => {
    const got: string[] = []
    await messaging.receive(name, { concurrency: 4 }, async ({ id }) => void got.push(id))
    return got
  }
  const arrive = (got: readonly string[], ids: readonly string[], timeoutMs = 10_000) =>
    until(() => ids.every((id) => got.includes(id)), { what: `${ids.join(', ')} to arrive`, timeoutMs })

  test('a bell reaches every listener of its role and no other', async () => {
    const [one, two] = [await open(), await open()]
    const heard: string[] = []
    await one.listen(['nova-conductor'], (role) => heard.push(`one ${role}`))
    await two.listen(['nova-conductor', 'nova-scheduler'], (role) => heard.push(`two ${role}`))
    await until(() => one.healthy() && two.healthy(), { what: 'connections' })
    heard.length = 0
    one.ring('nova-scheduler')
    await until(() => heard.length > 0, { what: 'a bell' })
    expect([...new Set(heard)]).toEqual(['two nova-scheduler'])
    two.ring('nova-conductor')
    await until(() => heard.includes('one nova-conductor') && heard.includes('two nova-conductor'), { what: 'the other bell' })
  })

  test('who stops listening hears nothing more', async () => {
    const messaging = await open()
    const heard: string[] = []
    const subscription = await messaging.listen(['quiet'], (role) => heard.push(role))
    await messaging.listen(['loud'], (role) => heard.push(role))
    await subscription.stop()
    heard.length = 0
    messaging.ring('quiet')
    messaging.ring('loud')
    await until(() => heard.length > 0, { what: 'the loud bell' })
    expect(heard).not.toContain('quiet')
  })

  test('a message waits for its receiver, and comes as it was sent', async () => {
    const sender = await open()
    const body = { text: 'Grüße \u0000 ☃', list: [1, 2.5, null, true], deep: { a: [{}] } }
    await sender.send(mailbox, { id: 'first ünïcode', body })
    const got: unknown[] = []
    const receiver = await open()
    await receiver.receive(mailbox, { concurrency: 1 }, async (message) => void got.push(message))
    await until(() => got.length > 0, { what: 'the message' })
    expect(got).toEqual([{ id: 'first ünïcode', body }])
  })

  test('of two receivers each message reaches one, and none more at once than it can take', async () => {
    const [one, two, sender] = [await open(), await open(), await open()]
    const got: string[] = []
    let atOnce = 0
    let most = 0
    const handle = async ({ id }: { id: string }) => {
      most = Math.max(most, ++atOnce)
      await systemClock.sleep(5)
      atOnce--
      got.push(id)
    }
    await one.receive(mailbox, { concurrency: 2 }, handle)
    await two.receive(mailbox, { concurrency: 2 }, handle)
    const ids = Array.from({ length: 60 }, (_, index) => `m${index}`)
    await Promise.all(ids.map((id) => sender.send(mailbox, { id, body: id })))
    await arrive(got, ids)
    expect(got).toHaveLength(60)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('a message that fails comes again, after a pause', async () => {
    const messaging = await open()
    const times: number[] = []
    await messaging.receive(mailbox, { concurrency: 1 }, async () => {
      times.push(systemClock.monotonicMs())
      if (times.length < 4) throw new Error('not yet')
    })
    await messaging.send(mailbox, { id: 'stubborn', body: {} })
    await until(() => times.length === 4, { what: 'four deliveries' })
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(20)
    expect(times[3]! - times[0]!).toBeGreaterThanOrEqual(150)
  })

  test('a message that nobody can handle is set aside, whole, and never lost', async () => {
    const messaging = await open()
    let deliveries = 0
    await messaging.receive(mailbox, { concurrency: 1, maxDeliveries: 3 }, async () => {
      deliveries++
      throw new Error('poison')
    })
    await messaging.send(mailbox, { id: 'bad', body: { poison: true } })
    const set: unknown[] = []
    let refusals = 0
    await messaging.receive(`dead.${mailbox}`, { concurrency: 1, maxDeliveries: 2 }, async (message) => {
      if (++refusals <= 4) throw new Error('not even here')
      set.push(message)
    })
    await until(() => set.length > 0, { what: 'the dead letter', timeoutMs: 15_000 })
    expect(deliveries).toBe(3)
    expect(set).toEqual([{ id: 'bad', body: { poison: true } }])
  })

  test('what a receiver held when it was killed goes to another', async () => {
    const messaging = await open()
    await messaging.send(mailbox, { id: 'orphan', body: {} })
    const script = join(import.meta.dirname, '../../../test/helpers/receiver-process.ts')
    const victim = spawn(process.execPath, [script, server.url, mailbox], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(victim.stdout, 'data')
    expect(String(line)).toBe('took orphan\n')
    const got = await collect(messaging)
    expect(got).toEqual([])
    victim.kill('SIGKILL')
    await arrive(got, ['orphan'], 8000)
  })

  test('a large message passes, and one that is too large is refused at once', async () => {
    const messaging = await open()
    const body = { text: 'x'.repeat(1024 * 1024 - 20) }
    const got: unknown[] = []
    await messaging.receive(mailbox, { concurrency: 1 }, async (message) => void got.push(message.body))
    await messaging.send(mailbox, { id: 'large', body })
    await until(() => got.length > 0, { what: 'the large message' })
    expect(got).toEqual([body])
    await expect(messaging.send(mailbox, { id: 'larger', body: { text: 'x'.repeat(1024 * 1024) } })).rejects.toThrow(TypeError)
    await expect(messaging.send('no name', { id: 'x', body: {} })).rejects.toThrow(TypeError)
    await expect(messaging.send(mailbox, { id: '', body: {} })).rejects.toThrow(TypeError)
  })

  test('of several hosts the one that lives is found', async () => {
    const [scheme, rest] = server.url.split('://') as [string, string]
    const at = rest.lastIndexOf('@') + 1
    const messaging = await open({ url: `${scheme}://${rest.slice(0, at)}127.0.0.1:${await freePort()},${rest.slice(at)}` })
    await messaging.send(mailbox, { id: 'found', body: {} })
    expect(messaging.healthy()).toBe(true)
  })

  test('a receiver that stops finishes what it has begun, and takes nothing more', async () => {
    const messaging = await open()
    const gate = Promise.withResolvers<void>()
    const begun: string[] = []
    let ended = false
    const subscription = await messaging.receive(mailbox, { concurrency: 1 }, async ({ id }) => {
      begun.push(id)
      await gate.promise
      ended = true
    })
    await messaging.send(mailbox, { id: 'slow', body: {} })
    await messaging.send(mailbox, { id: 'next', body: {} })
    await until(() => begun.length > 0, { what: 'the first message' })
    const stopped = subscription.stop()
    setImmediate(gate.resolve)
    await stopped
    expect(ended).toBe(true)
    expect(begun).toEqual(['slow'])
    await arrive(await collect(messaging), ['next'])
  })

  test('a queue that is killed and comes back has kept every confirmed message, and bells ring', async () => {
    const messaging = await open({ confirmTimeoutMs: 60_000 })
    const heard: string[] = []
    await messaging.listen(['nova-conductor'], (role) => heard.push(role))
    await messaging.send(mailbox, { id: 'before', body: {} })
    expect(messaging.healthy()).toBe(true)
    await server.kill9()
    await until(() => !messaging.healthy(), { what: 'the outage to be noticed' })
    heard.length = 0
    messaging.ring('nova-conductor')
    const waiting = messaging.send(mailbox, { id: 'during', body: {} })
    await server.restart()
    await waiting
    await until(() => messaging.healthy() && heard.length > 0, { what: 'the connection and a bell', timeoutMs: 15_000 })
    await arrive(await collect(messaging), ['before', 'during'])
  }, 120_000)

  test('what was sent and not confirmed when the connection was lost is sent again', async () => {
    const messaging = await open({ confirmTimeoutMs: 60_000 })
    await messaging.send(mailbox, { id: 'before', body: {} })
    server.freeze()
    const waiting = Promise.all(['one', 'two', 'three'].map((id) => messaging.send(mailbox, { id, body: {} })))
    await server.kill9()
    await server.restart()
    await waiting
    await arrive(await collect(messaging), ['before', 'one', 'two', 'three'])
  }, 120_000)

  test('while the queue is down a send is refused in its time, and one may open all the same', async () => {
    await server.kill9()
    try {
      const messaging = await open({ confirmTimeoutMs: 700 })
      const begun = systemClock.monotonicMs()
      await expect(messaging.send(mailbox, { id: 'lost', body: {} })).rejects.toThrow()
      expect(systemClock.monotonicMs() - begun).toBeLessThan(3000)
      expect(messaging.healthy()).toBe(false)
    } finally {
      await server.restart()
    }
  }, 120_000)

  test('a frozen queue is noticed, and used again when it thaws', async () => {
    const messaging = await open({ confirmTimeoutMs: 1500 })
    const got = await collect(messaging)
    await messaging.send(mailbox, { id: 'before', body: {} })
    await arrive(got, ['before'])
    server.freeze()
    try {
      const begun = systemClock.monotonicMs()
      await expect(messaging.send(mailbox, { id: 'cold', body: {} })).rejects.toThrow()
      expect(systemClock.monotonicMs() - begun).toBeLessThan(4000)
      await until(() => !messaging.healthy(), { what: 'the frost to be noticed', timeoutMs: 8000 })
    } finally {
      server.thaw()
    }
    await until(() => messaging.healthy(), { what: 'the thaw', timeoutMs: 15_000 })
    await messaging.send(mailbox, { id: 'after', body: {} })
    await arrive(got, ['after'])
  }, 60_000)
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { rabbitInstalled, startRabbit } from '../../../test/helpers/rabbitmq.ts'
import { openTcpProxy, type TcpProxy } from '../../../test/helpers/tcp-proxy.ts'
import { newQueue } from '../../../test/helpers/test-databases.ts'
import { quietLog as log } from '../../../test/helpers/quiet-log.ts'
import { until } from '../../../test/helpers/until.ts'
import { systemClock as clock, systemIds as ids } from '../clock.ts'
import { parseDatabaseUrl } from '../sql/hosts.ts'
import type { Message, Messaging } from './messaging.ts'
import { openMessaging } from './open-messaging.ts'
import { type SecondWay, withSecondWay } from './second-way.ts'

// A real queue behind a wire that can be cut; the second way is a list, and so nothing that could go wrong by itself.

interface Queue {
  readonly url: string
  readonly port: number
  end(): Promise<unknown>
}

const drivers: readonly [name: string, start: () => Promise<Queue>][] = [
  [
    'postgres',
    async () => {
      const { url, drop } = await newQueue()
      return { url, port: parseDatabaseUrl(inject('databaseServers').postgres).hosts[0]!.port, end: drop }
    },
  ],
  [
    'rabbitmq',
    async () => {
      const { url, port, stop } = await startRabbit()
      return { url, port, end: stop }
    },
  ],
]

describe.each(drivers.filter(([name]) => name !== 'rabbitmq' || rabbitInstalled))('beside a queue on %s', (name, start) => {
  let queue: Queue
  let url = ''
  let wire: TcpProxy
  let messaging: Messaging
  let mailbox = ''
  let kept: string[] = []
  let got: string[] = []
  const way: SecondWay = {
    send: async (_mailbox, { id }) => void kept.push(id),
    receive: async () => ({ stop: async () => {} }),
  }

  beforeAll(async () => {
    queue = await start()
    wire = await openTcpProxy(queue.port)
    url = queue.url.replace(`:${queue.port}`, `:${wire.port}`)
  }, 120_000)
  afterAll(async () => {
    await wire.stop()
    await queue.end()
  })
  beforeEach(async () => {
    wire.fate = () => 'pass'
    got = []
    mailbox = `mailbox-${ids.uuid()}`
    messaging = withSecondWay(await openMessaging({ url, log, clock, ids }), way, { clock, log })
    await messaging.receive(mailbox, { concurrency: 4 }, async ({ id }) => void got.push(id))
    // RabbitMQ takes a second and more to make a mailbox.
    await until(goesByQueue, { what: 'the mailbox to be made', timeoutMs: 30_000 })
    kept = []
  })
  afterEach(() => {
    wire.fate = () => 'pass'
    return messaging.close()
  })

  const send = (id: string, more: Partial<Message> = {}) => messaging.send(mailbox, { id, body: {}, ...more })
  const goesByQueue = async () => {
    const id = ids.uuid()
    await send(id)
    return !kept.includes(id)
  }
  const timed = async (work: Promise<void>): Promise<number> => {
    const begun = clock.monotonicMs()
    await work
    return clock.monotonicMs() - begun
  }
  const arrives = (id: string) => until(() => got.includes(id), { what: `${id} to arrive`, timeoutMs: 15_000 })

  test('while the queue is well, messages go by it alone', async () => {
    await send('plain')
    await arrives('plain')
    expect(kept).toEqual([])
  })

  test('what is sent again takes both ways', async () => {
    await send('once more', { again: true })
    await arrives('once more')
    expect(kept).toEqual(['once more'])
  })

  test('while the queue is away, messages take the second way at once; when it is back, they go by it again', async () => {
    wire.fate = () => 'lose'
    await until(() => !messaging.healthy(), { what: 'the loss to be noticed' })
    const tookMs = await Promise.all(['one', 'two', 'three'].map((id) => timed(send(id))))
    expect(Math.max(...tookMs)).toBeLessThan(100)
    expect(kept).toEqual(['one', 'two', 'three'])
    wire.fate = () => 'pass'
    await until(() => messaging.healthy(), { what: 'the return' })
    await send('back')
    await arrives('back')
    expect(kept).not.toContain('back')
  })

  test('a queue that is lost in the middle of a send keeps nobody waiting', async () => {
    wire.fate = () => 'lose'
    expect(messaging.healthy()).toBe(true)
    expect(await timed(send('unlucky'))).toBeLessThan(1500)
    expect(kept).toEqual(['unlucky'])
  })

  // A piece of AMQP can't be missing without ending the connection.
  test.runIf(name === 'postgres')(
    'a queue that keeps its connections and says nothing delays one message by two seconds, and the next not at all',
    async () => {
      wire.fate = (piece) => (piece.includes('m-') ? 'swallow' : 'pass')
      const firstMs = await timed(send('m-1'))
      expect(firstMs).toBeGreaterThan(1500)
      expect(firstMs).toBeLessThan(3000)
      expect(messaging.healthy()).toBe(true)
      expect(await timed(send('m-2'))).toBeLessThan(100)
      expect(kept).toEqual(['m-1', 'm-2'])
      wire.fate = () => 'pass'
      const goesByQueue = async () => {
        const id = ids.uuid()
        await send(id)
        return !kept.includes(id)
      }
      await until(goesByQueue, { what: 'the queue to be trusted again', timeoutMs: 15_000, everyMs: 200 })
    },
  )

  test('what no queue could carry is refused on both ways', async () => {
    const large = { body: 'x'.repeat(1024 * 1024) }
    await expect(send('large', large)).rejects.toThrow(TypeError)
    wire.fate = () => 'lose'
    await until(() => !messaging.healthy(), { what: 'the loss to be noticed' })
    await expect(send('large', large)).rejects.toThrow(TypeError)
    expect(kept).toEqual([])
  })
})

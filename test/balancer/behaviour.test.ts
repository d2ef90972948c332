import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startBackends, type Backends } from '../helpers/backends.ts'
import { balancers, startABalancer, type RunningBalancer } from '../helpers/balancers.ts'
import { until } from '../helpers/until.ts'

// What the embedded balancer does, HAProxy does with our configuration, and the other way round.

describe.each(balancers)('the balancer (%s)', (name) => {
  let backends: Backends
  let balancer: RunningBalancer
  beforeEach(async () => {
    backends = await startBackends(2, { backlog: 1 })
    balancer = await startABalancer(name, backends.addresses)
  })
  afterEach(async () => {
    await balancer.stop()
    await backends.close()
  })
  const send = async (method: string, path: string, options: { body?: string | Buffer; headers?: Record<string, string> } = {}) => {
    const response = await fetch(balancer.url + path, { method, ...options })
    const text = await response.text()
    return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text }
  }
  const seenAt = (path: string) => backends.seen().filter((seen) => seen.path === path)

  test('gives every change a key, and leaves reads without', async () => {
    const post = await send('POST', '/change', { body: '{}' })
    expect(post.body.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
    const get = await send('GET', '/read')
    expect(get.body.headers['idempotency-key']).toBeUndefined()
  })

  test('serves many requests over one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number>()
    for (let i = 0; i < 3; i++) {
      const asking = request(`${balancer.url}/read`, { agent }).end()
      const [answer] = (await once(asking, 'response')) as [IncomingMessage]
      ports.add(answer.socket.localPort!)
      await once(answer.resume(), 'end')
    }
    agent.destroy()
    expect(ports.size).toBe(1)
  })

  test("keeps the client's own key", async () => {
    const { body } = await send('PUT', '/change', { body: '{}', headers: { 'idempotency-key': 'mine' } })
    expect(body.headers['idempotency-key']).toBe('mine')
  })

  test('says for whom it asks, and does not believe what the client says about that', async () => {
    const { body } = await send('GET', '/read', { headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' } })
    expect(body.headers['x-forwarded-for']).toBe('127.0.0.1')
    expect(body.headers['x-forwarded-proto']).toBe('http')
    expect(body.headers.host).toBe(new URL(balancer.url).host)
  })

  test('sends a POST whose backend died on it to another one, with the same key and body', async () => {
    const body = randomBytes(40_000).toString('hex')
    const answer = await send('POST', '/die', { body })
    expect(answer.status).toBe(200)
    expect(answer.body.md5).toBe(createHash('md5').update(body).digest('hex'))
    const [first, second, ...more] = seenAt('/die')
    expect(more).toEqual([])
    expect(second!.key).toBe(first!.key)
    expect(second!.name).not.toBe(first!.name)
  })

  test.runIf(name === 'haproxy')('tells of a request that was sent twice, and not what its query was', async () => {
    await send('GET', '/die?secret=hush')
    await until(() => balancer.log().includes('tries'))
    expect(balancer.log()).toMatch(/GET \/die 200 \d+ bytes in \d+ ms by controllers\/b[12], ended ----, tries \+1/)
    expect(balancer.log()).not.toContain('hush')
  })

  test('takes a request away from a backend that froze', async () => {
    const answer = await send('POST', '/freeze', { body: '{}' })
    expect(answer.status).toBe(200)
    const [first, second] = seenAt('/freeze')
    expect(second!.key).toBe(first!.key)
    expect(answer.body.name).toBe(second!.name)
  })

  /** Eight clients that ask again and again, until they are ended; gives what they were answered, or met. */
  const load = () => {
    let ended = false
    const answers: unknown[] = []
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let i = 0; !ended; i++) {
        const asked = send(i % 2 ? 'POST' : 'GET', `/load-${client}?ms=5`, i % 2 ? { body: '{}' } : {})
        answers.push(await asked.then(({ status }) => status).catch((error: Error) => `${error.cause}`))
      }
    })
    const end = async () => {
      ended = true
      await Promise.all(clients)
    }
    return { answers, end }
  }

  test('takes requests away from a host that no longer answers at all', async () => {
    const { answers, end } = load()
    await until(() => answers.length > 50)
    backends.signal('b1', 'SIGSTOP')
    // As when the host is cut off: what it has taken stays without an answer, and nobody gets a connection any more.
    const crowd = Array.from({ length: 4 }, () => connect(backends.addresses[0]!.port, '127.0.0.1').on('error', () => {}))
    await until(async () => !(await balancer.up()).includes('b1'))
    await end()
    for (const socket of crowd) socket.destroy()
    expect(new Set(answers), balancer.log()).toEqual(new Set([200]))
  })

  test('loses nothing under load while backends die and come back', async () => {
    const { answers, end } = load()
    for (const victim of ['b1', 'b2', 'b1', 'b2']) {
      const before = answers.length
      await until(() => answers.length > before + 50)
      backends.signal(victim, 'SIGKILL')
      await until(() => answers.length > before + 100)
      await backends.restart(victim)
      // The other one dies only when this one is seen again.
      await until(() => seenLately(victim))
    }
    await end()
    expect(new Set(answers), balancer.log()).toEqual(new Set([200]))

    function seenLately(victim: string) {
      const seen = backends.seen()
      return seen.slice(-20).some((one) => one.name === victim)
    }
  }, 60_000)

  test('sends nothing new to a backend that drains, and lets it end what it has', async () => {
    const slow = Array.from({ length: 4 }, (_, index) => send('GET', `/slow-${index}?ms=1500`))
    await until(() => backends.seen().filter((seen) => seen.path.startsWith('/slow')).length === 4)
    backends.signal('b1', 'SIGUSR2')
    await until(async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => send('GET', '/fast')))
      return answers.every((answer) => answer.body.name === 'b2')
    })
    for (const answer of await Promise.all(slow)) expect(answer.status).toBe(200)
  })

  test('leaves requests where they are while all backends say that they can not serve', async () => {
    const slow = Array.from({ length: 4 }, (_, index) => send('POST', `/held-${index}?ms=4000`, { body: '{}' }))
    await until(() => backends.seen().filter((seen) => seen.path.startsWith('/held')).length === 4)
    for (const name of ['b1', 'b2']) backends.signal(name, 'SIGHUP')
    await until(async () => (await balancer.up()).length === 0)
    for (const answer of await Promise.all(slow)) expect(answer.status, balancer.log()).toBe(200)
    expect(backends.seen().filter((seen) => seen.path.startsWith('/held'))).toHaveLength(4)
  })

  test('waits for a backend when all are away, and then goes on', async () => {
    backends.signal('b1', 'SIGKILL')
    backends.signal('b2', 'SIGKILL')
    await until(async () => (await balancer.up()).length === 0)
    const waiting = send('POST', '/patient', { body: '{}' })
    await backends.restart('b1')
    const { status, body } = await waiting
    expect(status).toBe(200)
    expect(seenAt('/patient')).toHaveLength(1)
    // Who gets it in the end is told of the wait, and of no other.
    expect(Number(body.headers['skykeel-waited'])).toBeGreaterThan(50)
    const next = await send('POST', '/quick', { body: '{}', headers: { 'skykeel-waited': '20000' } })
    expect(next.body.headers['skykeel-waited'] ?? '0').not.toBe('20000')
  })

  test('passes a long upload on as it comes, byte for byte', async () => {
    const body = randomBytes(8 * 1024 * 1024)
    const answer = await send('PUT', '/v2/images/x/file', { body, headers: { 'content-type': 'application/octet-stream' } })
    expect(answer.body).toMatchObject({ length: body.length, md5: createHash('md5').update(body).digest('hex') })
  })
})

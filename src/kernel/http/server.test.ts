import { Agent, request } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thingsApi, type ThingsApi } from '../../../test/helpers/things-api.ts'
import { until } from '../../../test/helpers/until.ts'

const page = 'https://dashboard.example'
const alice = { 'x-auth-token': 'alice' }

describe('the server', () => {
  let api: ThingsApi
  beforeAll(async () => {
    api = await thingsApi('postgres', { corsOrigins: [page] })
  })
  afterAll(() => api.close())
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => fetch(api.url + path, { method, headers })

  test('tells a balancer that it serves, and people what is wrong', async () => {
    const brief = await get('/healthcheck')
    expect([brief.status, await brief.text()]).toEqual([200, 'OK'])
    const detail = await get('/api/healthcheck?detail')
    expect(await detail.json()).toMatchObject({ serving: true, draining: false, checks: { things: 'ok', moon: 'not in sight' } })
  })

  test('shows metrics to those who reach it itself, not to those whom a balancer brings', async () => {
    const own = await get('/metrics')
    expect(await own.text()).toContain('skykeel_requests_running')
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.1' })).status).toBe(404)
  })

  test('says in JSON that no service lives under a path', async () => {
    for (const path of ['/', '/apixyz', '/other/things']) expect((await get(path)).status).toBe(404)
    expect(await (await get('/other')).json()).toMatchObject({ error: { code: 404 } })
  })

  test('writes links as the client wrote its host, and ignores hosts that are none', async () => {
    const href = async (headers: Record<string, string>) =>
      new Promise<string>((resolve, reject) => {
        request(`${api.url}/api/things/x`, { headers: { ...alice, ...headers } }, (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () => resolve((JSON.parse(text) as { href: string }).href))
        })
          .on('error', reject)
          .end()
      })
    expect(await href({ host: 'cloud.example:8443', 'x-forwarded-proto': 'https' })).toBe('https://cloud.example:8443/api')
    expect(await href({ host: 'evil"><script>' })).toBe(`${api.url}/api`)
  })

  test('lets pages of the origins that it was told use it', async () => {
    const asked = await get(
      '/api/things',
      { origin: page, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-auth-token, content-type' },
      'OPTIONS',
    )
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': 'x-auth-token, content-type',
      vary: 'Origin',
    })
    const read = await get('/api/things', { origin: page, ...alice })
    expect(read.headers.get('access-control-allow-origin')).toBe(page)
    expect(read.headers.get('access-control-expose-headers')).toContain('x-request-id')
    expect(read.headers.get('vary')).toBe('X-Version, Origin')
    // Refusals too, or a page could not tell why.
    expect((await get('/api/things', { origin: page })).headers.get('access-control-allow-origin')).toBe(page)
  })

  test('tells pages of other origins nothing', async () => {
    const asked = await get('/api/things', { origin: 'https://evil.example', 'access-control-request-method': 'POST', ...alice }, 'OPTIONS')
    expect(asked.status).toBe(405)
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
    expect((await get('/api/things', { origin: 'https://evil.example', ...alice })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a server that stops', () => {
  test('fails its health check first, serves on, and ends when the last request is answered', async () => {
    const api = await thingsApi('postgres')
    const agent = new Agent({ keepAlive: true })
    const open = (path: string) =>
      new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        request(api.url + path, { agent, headers: alice }, (response) => {
          response.resume()
          response.on('end', () => resolve({ status: response.statusCode!, connection: response.headers.connection }))
        })
          .on('error', reject)
          .end()
      })
    const running = open('/api/slow')
    await until(() => api.slow.length === 1, { what: 'the request to run' })
    let hasStopped = false
    const stopped = api.server.stop({ lingerMs: 700 }).then(() => (hasStopped = true))
    expect(await open('/healthcheck')).toEqual({ status: 404, connection: 'close' })
    expect(await open('/api/things/x')).toEqual({ status: 200, connection: 'close' })
    await until(
      () =>
        open('/healthcheck').then(
          () => false,
          () => true,
        ),
      { what: 'the port to be closed' },
    )
    expect(hasStopped).toBe(false)
    api.slow[0]!()
    expect((await running).status).toBe(200)
    await stopped
    agent.destroy()
    await api.things.close()
  })

  test('does not wait for a request for ever', async () => {
    const api = await thingsApi('postgres')
    const sent = request(`${api.url}/api/slow`, { headers: alice })
    sent.end()
    const cut = once(sent, 'error')
    await until(() => api.slow.length === 1, { what: 'the request to run' })
    await api.server.stop({ deadlineMs: 100 })
    expect((await cut)[0]).toBeInstanceOf(Error)
    await api.things.close()
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thingsApi, type ThingsApi } from '../../../test/helpers/things-api.ts'
import { databases } from '../../../test/helpers/things.ts'
import { maxBodyBytes } from './body.ts'

describe.each(databases)('the front door on %s', (database) => {
  let api: ThingsApi
  beforeAll(async () => {
    api = await thingsApi(database)
  })
  afterAll(() => api.close())
  const made = (name: string) => api.things.countOf(name)
  const key = (value: string) => ({ 'idempotency-key': value })

  test('does a request with a key once, and answers alike each time', async () => {
    const first = await api.alice.post('/things', { name: 'once' }, key('once'))
    const second = await api.alice.post('/things', { name: 'once' }, key('once'))
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('x-made')).toBe('once')
    expect([first, second].map((reply) => reply.headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect((await api.alice.post('/things', { name: 'once' })).status).toBe(409)
  })

  test('does it once when its copies come together', async () => {
    await api.things.add('together')
    const replies = await Promise.all(Array.from({ length: 10 }, () => api.alice.post('/things/together/bump', {}, key('together'))))
    expect(new Set(replies.map((reply) => JSON.stringify([reply.status, reply.body])))).toEqual(new Set(['[200,{"count":1}]']))
    expect(await made('together')).toBe(1)
  })

  test('refuses a key that stood for another request, path or body', async () => {
    await api.alice.post('/things', { name: 'keyed' }, key('keyed'))
    expect((await api.alice.post('/things', { name: 'other' }, key('keyed'))).status).toBe(422)
    expect((await api.alice.post('/things/keyed/bump', { name: 'keyed' }, key('keyed'))).status).toBe(422)
    expect(await made('other')).toBeUndefined()
    expect(await made('keyed')).toBe(0)
  })

  test('keeps the keys of users apart', async () => {
    expect((await api.alice.post('/things', { name: 'hers' }, key('same'))).status).toBe(201)
    const his = await api.bob.post('/things', { name: 'his' }, key('same'))
    expect([his.status, his.headers.get('idempotency-replayed')]).toEqual([201, null])
  })

  test('refuses a key that is too long', async () => {
    expect((await api.alice.post('/things', { name: 'long' }, key('x'.repeat(256)))).status).toBe(400)
    expect(await made('long')).toBeUndefined()
    expect((await api.alice.post('/things', { name: 'long' }, key('x'.repeat(255)))).status).toBe(201)
  })

  test('takes back everything that a refused request did', async () => {
    expect((await api.alice.post('/things', { name: 'unlucky', count: 13 }, key('unlucky'))).status).toBe(400)
    expect(await made('unlucky')).toBeUndefined()
    expect((await api.alice.post('/things', { name: 'unlucky', count: 13 }, key('unlucky'))).status).toBe(400)
    expect(await made('unlucky')).toBeUndefined()
    expect((await api.alice.post('/things', { name: 'unlucky', count: 14 })).status).toBe(201)
  })

  test('uses up no key for what it refuses at once', async () => {
    for (const body of ['nonsense', { name: 7 }, { nothing: true }])
      expect((await api.alice.post('/things', body, key('free'))).status).toBe(400)
    expect((await api.anonymous.post('/things', { name: 'free' }, key('free'))).status).toBe(401)
    const done = await api.alice.post('/things', { name: 'free' }, key('free'))
    expect([done.status, done.headers.get('idempotency-replayed')]).toEqual([201, null])
  })

  test('waits less for a database where a balancer held the request before', async () => {
    const left = async (waited: string) => (await api.alice.get('/patience', { 'skykeel-waited': waited })).body.leftMs as number
    expect(await left('20000')).toBeLessThan(5_001)
    expect(await left('99999')).toBeLessThan(1)
    for (const nonsense of ['-1000', 'long', '']) expect(await left(nonsense)).toBeGreaterThan(20_000)
  })

  test('asks who, whether they may, and only then what', async () => {
    expect((await api.anonymous.post('/things', 'nonsense')).status).toBe(401)
    expect((await api.anonymous.get('/nowhere')).status).toBe(401)
    expect((await api.alice.get('/nowhere')).status).toBe(404)
    expect((await api.alice.delete('/things/x')).status).toBe(403)
    expect((await api.alice.post('/things/x/action', { shove: 'nonsense' })).status).toBe(403)
    expect((await api.anonymous.get('')).status).toBe(200)
    expect((await api.anonymous.get('/', { 'x-version': 'nonsense' })).status).toBe(200)
    expect((await api.alice.get('/things/x', { 'x-version': 'nonsense' })).status).toBe(400)
  })

  test('finds the action by the one key of the body', async () => {
    const act = async (body: unknown, version = '2.5') => (await api.alice.post('/things/x/action', body, { 'x-version': version })).status
    expect(await act({ poke: null })).toBe(204)
    expect(await act({ paint: {} })).toBe(204)
    for (const body of [{}, { poke: null, paint: {} }, { poke: 1 }, { hug: null }, { constructor: {} }, [], 'poke', null])
      expect(await act(body)).toBe(400)
    expect(await act({ paint: {} }, '2.4')).toBe(400)
  })

  test('knows fields and routes by version', async () => {
    const at = async (version: string) =>
      (await api.alice.post('/things', { name: `color ${version}`, color: 'red' }, { 'x-version': version })).status
    expect([await at('2.4'), await at('2.5')]).toEqual([400, 201])
    expect((await api.alice.get('/things/x/old', { 'x-version': '2.4' })).status).toBe(200)
    expect((await api.alice.get('/things/x/old', { 'x-version': '2.5' })).body).toMatchObject({ kind: 'notFound', type: 'version' })
  })

  test('refuses methods that a path lacks, and says which it has', async () => {
    const reply = await api.alice.put('/things', {})
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, POST'])
    const options = await api.alice.request('OPTIONS', '/things')
    expect([options.status, options.headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect((await api.alice.request('HEAD', '/things/fixed')).status).toBe(200)
  })

  test('answers HEAD as GET, without a body', async () => {
    const get = await api.alice.request('GET', '/things/fixed')
    const head = await api.alice.request('HEAD', '/things/fixed')
    expect(await head.text()).toBe('')
    expect(head.headers.get('content-length')).toBe(String((await get.text()).length))
  })

  test('refuses bodies that are no JSON, of another kind, too deep or with a NUL', async () => {
    const send = async (body: RequestInit['body'], type?: string) =>
      (await api.alice.request('POST', '/things', { body, headers: type === undefined ? {} : { 'content-type': type } })).status
    expect(await send('{"name":', 'application/json')).toBe(400)
    expect(await send('', 'application/json')).toBe(400)
    expect(await send(new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json')).toBe(400)
    expect(await send('{"name":"text"}', 'text/plain')).toBe(415)
    expect(await send('{"name":"nul \\u0000"}', 'application/json')).toBe(400)
    expect(await send(`{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'application/json')).toBe(400)
    expect(await send('{"name":"typed"}', 'application/json; charset=utf-8')).toBe(201)
    // Bytes without a type are taken for JSON, as OpenStack does.
    expect(await send(Buffer.from('{"name":"untyped"}'))).toBe(201)
  })

  test('takes the largest body that fits, and refuses one byte more', async () => {
    const sized = (bytes: number) => '{"name":"x"}'.padEnd(bytes)
    const send = async (body: RequestInit['body']) =>
      (await api.alice.request('POST', '/things', { body, headers: { 'content-type': 'application/json' } })).status
    expect(await send(sized(maxBodyBytes))).toBe(201)
    expect(await send(sized(maxBodyBytes + 1))).toBe(413)
    // The same without its length told in advance.
    expect(await send(new Blob([sized(maxBodyBytes + 1)]).stream())).toBe(413)
  })

  test('gives every answer an id of its own', async () => {
    const replies = await Promise.all([api.alice.get('/things'), api.alice.get('/nowhere'), api.anonymous.get('/things')])
    const ids = replies.map((reply) => reply.headers.get('x-request-id'))
    for (const id of ids) expect(id).toMatch(/^req-[\da-f-]{36}$/)
    expect(new Set(ids).size).toBe(3)
  })

  test('blames the client for values that a column can not hold', async () => {
    expect((await api.alice.post('/things', { name: 'too big', count: 2 ** 40 })).status).toBe(400)
    expect((await api.alice.post('/things', { name: 'x'.repeat(100) })).status).toBe(400)
  })

  test('tells nobody what a bug was', async () => {
    const reply = await api.alice.get('/bug')
    expect(reply.status).toBe(500)
    expect(JSON.stringify(reply.body)).not.toContain('a bug')
  })
})

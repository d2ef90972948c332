import { connect } from 'node:net'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud, type UserName } from '../helpers/a-cloud.ts'
import { allOffers, pathOf, versionHeaders, type Offer } from '../helpers/all-routes.ts'
import { damaged, strings, valuesOf } from '../helpers/garbage.ts'
import { furnish, type KnownIds } from '../helpers/garbage-target.ts'

// Whatever comes in, the answer blames the client or obeys. A failed run prints its seed; SKYKEEL_GARBAGE_RUNS asks for more.
const runs = Number(process.env.SKYKEEL_GARBAGE_RUNS ?? 1200)
const limitMs = 20_000 * Math.max(1, runs / 1200)

interface Throw {
  readonly title: string
  readonly method: string
  readonly user: UserName
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | undefined
}

const versionsOf = ({ marks, prefix }: Offer) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        'latest',
        marks.since ?? 'latest',
        marks.until ?? 'latest',
        ...(prefix === '/compute' ? ['2.1', '2.37', '2.52', '2.79'] : ['1.0', '1.12', '1.28']),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('2.999', '0.0', '-1', 'x'.repeat(5000), '2.1.1', '2.', '9e9', '2.79, compute 2.1') },
  )
const contentTypes = fc.constantFrom(
  'application/json; charset=utf-16',
  'text/plain',
  '',
  'a/b; c="',
  'application/octet-stream',
  'application/openstack-images-v2.1-json-patch',
  'application/openstack-images-v2.0-json-patch',
)
const rawBodies = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '[]',
    '"x"',
    '1e999',
    '{',
    '{"a":1',
    '{"a":"\\u0000"}',
    '{"\\ud800":1}',
    '['.repeat(50_000),
    `${'['.repeat(40_000)}${']'.repeat(40_000)}`,
    '{"a":'.repeat(9000) + '1' + '}'.repeat(9000),
    ' '.repeat(120_000),
  ),
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ maxLength: 60 }),
)

const usualType = ({ operation }: Offer): string =>
  operation.raw ? 'application/octet-stream' : operation.mediaType ? 'application/openstack-images-v2.1-json-patch' : 'application/json'

function throwsAt(offer: Offer, { expendable, precious }: KnownIds): fc.Arbitrary<Throw> {
  const { operation, route, action } = offer
  const all = [...Object.values(expendable).flat(), ...precious]
  // What is deleted early leaves nothing to break, so only what hangs on something is.
  const hits = route.method === 'DELETE' && route.path.split(':').length === 2 && /:\w+$/.test(route.path) ? 0 : 20
  const ids = (collection: string) =>
    fc.oneof(
      { weight: hits, arbitrary: fc.constantFrom(...(expendable[collection] ?? all)) },
      { weight: 4, arbitrary: strings(['42', 'garbage']).map((id) => id.slice(0, 500).toWellFormed()) },
    )
  const segments = route.path.split('/')
  const params = segments.flatMap((segment, index) =>
    segment.startsWith(':') ? [[segment.slice(1), ids(segments[index - 1]!)] as const] : [],
  )
  const names = Object.keys((operation.query as { properties?: object } | undefined)?.properties ?? {})
  const queryName = fc.oneof(
    fc.constantFrom('limit', 'marker', 'sort_key', 'sort', 'fields', 'name', 'id', ...names, ...names),
    strings(all).map((name) => name.slice(0, 50)),
  )
  const query = fc.array(
    fc.tuple(
      queryName,
      strings(all).map((value) => value.slice(0, 2000)),
    ),
    { maxLength: 3 },
  )
  const schema = operation.body ?? { type: 'object', properties: action ? { [action]: {} } : {} }
  const json = damaged(valuesOf(schema, { all, byKind: expendable }), all).map((value) => JSON.stringify(value))
  const body = fc.oneof({ weight: 8, arbitrary: json }, { weight: 1, arbitrary: rawBodies })
  return fc
    .record({
      user: fc.constantFrom<UserName>('admin', 'admin', 'admin', 'demo', 'system_admin'),
      params: fc.record(Object.fromEntries(params)),
      query,
      version: versionsOf(offer),
      type: fc.oneof({ weight: 12, arbitrary: fc.constant(usualType(offer)) }, { weight: 1, arbitrary: contentTypes }),
      body: route.method === 'GET' || route.method === 'HEAD' ? fc.constant(undefined) : body,
    })
    .map(({ user, params, query: pairs, version, type, body: sent }) => {
      const search = new URLSearchParams(
        pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as [string, string]),
      ).toString()
      const path = pathOf(offer, (name) => params[name]!) + (search && `?${search}`)
      return {
        title: offer.title,
        method: route.method,
        user,
        path: path.slice(0, 12_000),
        headers: { 'content-type': type, ...versionHeaders(offer, version) },
        body: sent,
      }
    })
}

/** Sends bytes as they are; what comes back until the other side closes or falls silent. */
async function sendBytes(port: number, pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', () => {})
  for (const piece of pieces) socket.write(piece)
  socket.end()
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return text
}

describe.each(databases)('garbage on %s', (database) => {
  const cloud = useCloud(database)
  let known: KnownIds
  beforeAll(async () => {
    known = await furnish(cloud)
  })

  test('never makes a service fail', { timeout: 2 * limitMs + 20_000 }, async () => {
    const statuses = new Map<number, number>()
    const each = fc.oneof(...allOffers.map((offer) => throwsAt(offer, known)))
    const property = fc.asyncProperty(each, async ({ title, method, user, path, headers, body }) => {
      const response = await cloud.as(user).request(method, path, {
        headers,
        ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body) }),
      })
      const text = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status >= 500 && response.status !== 501) throw new Error(`${title} answers ${response.status} ${text}`)
    })
    const throwers = Array.from({ length: 4 }, () => fc.assert(property, { numRuns: runs / 4, interruptAfterTimeLimit: limitMs }))
    await Promise.all(throwers)
    if (process.env.SKYKEEL_GARBAGE_RUNS)
      process.stderr.write(`${database}: ${JSON.stringify([...statuses].toSorted((a, b) => a[0] - b[0]))}\n`)
    // Garbage that is all refused at the door would prove little.
    const accepted = [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0)
    expect(accepted).toBeGreaterThan(10)
    for (const user of ['admin', 'demo'] as const) expect((await cloud.as(user).get('/compute/v2.1/servers')).status).toBe(200)
  })

  test('that breaks HTTP itself ends its own connection only', async () => {
    const { port } = cloud.controllers[0]!
    const head = 'POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
    const broken = [
      ['\0\0\0\0\r\n\r\n'],
      ['GET /compute\u00ff HTTP/9.9\r\n\r\n'],
      ['GET / HTTP/1.1\r\n\r\n'],
      [`GET /compute HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${'x'.repeat(40_000)}\r\n\r\n`],
      [`${head}Content-Length: 50\r\n\r\n{"a":`],
      [`${head}Content-Length: -1\r\n\r\n{}`],
      [`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`],
      [`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a"`],
      [`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
      [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 40 }, () => `1000\r\n${' '.repeat(4096)}\r\n`)],
      [`${head}Content-Length: 4\r\nConnection: close\r\n\r\n`, Buffer.from([0xff, 0xfe, 0xc0, 0x80])],
      [`${head}Content-Length: 999999999\r\nExpect: 100-continue\r\n\r\n`],
    ]
    const answers = await Promise.all(broken.map((pieces) => sendBytes(port, pieces)))
    for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1.1 5/)
    expect((await cloud.anonymous.get('/identity/v3')).status).toBe(200)
  })

  test('that is too large is refused before it is read', async () => {
    for (const path of [
      '/identity/v3/users',
      '/compute/v2.1/servers',
      '/networking/v2.0/networks',
      '/placement/resource_providers',
      '/image/v2/images',
    ]) {
      const response = await cloud
        .as('admin')
        .request('POST', path, { body: ' '.repeat(300_000), headers: { 'content-type': 'application/json' } })
      expect(response.status, path).toBe(413)
    }
  })
})

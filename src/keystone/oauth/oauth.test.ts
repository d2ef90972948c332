import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { accessTokenById, forgetOauth, requestById } from './store.ts'
import { signatureBase, signatureOf } from './signature.ts'

const identity = '/identity/v3'
const path = `${identity}/OS-OAUTH1`

interface Pair {
  readonly id: string
  readonly secret: string
}

describe.each(databases)('OAuth on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const admin = () => cloud.as('admin')
  let consumer: Pair
  beforeAll(
    async () => void (consumer = (await admin().post(`${path}/consumers`, { consumer: { description: 'a program' } })).body.consumer),
  )

  /** Signs as a consumer does, and posts. */
  const signed = (
    way: string,
    more: { as?: Pair; token?: Pair; verifier?: string; body?: object; headers?: Record<string, string> } = {},
  ) => {
    const { as = consumer, token, verifier, body, headers = {} } = more
    const oauth = new Map([
      ['oauth_consumer_key', as.id],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', `${Math.floor(Date.now() / 1000)}`],
      ['oauth_nonce', crypto.randomUUID()],
      ...(token ? [['oauth_token', token.id] as const] : [['oauth_callback', 'oob'] as const]),
      ...(verifier === undefined ? [] : [['oauth_verifier', verifier] as const]),
    ])
    const request = { method: 'POST', baseUrl: cloud.url, path: way, search: new URLSearchParams() }
    const secrets = { consumer: as.secret, token: token?.secret ?? '' }
    oauth.set('oauth_signature', signatureOf(signatureBase(request, oauth), 'HMAC-SHA1', secrets)!)
    const authorization = `OAuth ${[...oauth].map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`
    return cloud.anonymous.post(way, body, { ...headers, authorization })
  }
  const pairOf = ({ body }: { body: string }): Pair => {
    const form = new URLSearchParams(body)
    return { id: form.get('oauth_token')!, secret: form.get('oauth_token_secret')! }
  }
  const ask = (projectId = cloud.projectId('admin'), as = consumer) =>
    signed(`${path}/request_token`, { as, headers: { 'requested-project-id': projectId } })
  const allow = (request: Pair, roles: object[] = [{ name: 'member' }]) => admin().put(`${path}/authorize/${request.id}`, { roles })
  const fetched = (token: Pair, verifier: string, as = consumer) => signed(`${path}/access_token`, { as, token, verifier })
  const given = async (roles?: object[]): Promise<Pair> => {
    const request = pairOf(await ask())
    return pairOf(await fetched(request, (await allow(request, roles)).body.token.oauth_verifier))
  }
  const logIn = (token: Pair, more: { as?: Pair; scope?: object } = {}) =>
    signed(`${identity}/auth/tokens`, {
      token,
      ...(more.as && { as: more.as }),
      body: { auth: { identity: { methods: ['oauth1'], oauth1: {} }, ...(more.scope && { scope: more.scope }) } },
    })

  test('a consumer is made, shown without its secret, listed, changed and deleted', async () => {
    const { status, body } = await admin().post(`${path}/consumers`, { consumer: { description: 'robot', note: 'kept' } })
    expect(status).toBe(201)
    const { secret, ...shown } = body.consumer
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    expect(shown).toEqual({
      ...{ id: shown.id, description: 'robot', note: 'kept' },
      links: { self: `${cloud.url}${path}/consumers/${shown.id}` },
    })
    const one = `${path}/consumers/${shown.id}`
    expect((await admin().get(one)).body.consumer).toEqual(shown)
    expect((await admin().get(`${path}/consumers`)).body.consumers).toContainEqual(shown)
    expect((await admin().patch(one, { consumer: { description: 'new' } })).body.consumer).toEqual({ ...shown, description: 'new' })
    expect((await admin().patch(one, { consumer: { secret: 'x' } })).status).toBe(400)
    expect((await cloud.as('demo').get(one)).status).toBe(403)
    expect((await cloud.as('demo').post(`${path}/consumers`, { consumer: {} })).status).toBe(403)
    expect((await admin().delete(one)).status).toBe(204)
    expect((await admin().get(one)).status).toBe(404)
  })

  test('a consumer asks, a user allows, and the consumer works in his name with the roles that he gave', async () => {
    const asked = await ask()
    expect([asked.status, asked.headers.get('content-type')]).toEqual([201, 'application/x-www-form-urlencoded'])
    const request = pairOf(asked)
    const { oauth_verifier: verifier } = (await allow(request)).body.token
    const access = pairOf(await fetched(request, verifier))
    const login = await logIn(access)
    expect(login.status).toBe(201)
    expect(login.body.token).toMatchObject({
      methods: ['oauth1'],
      user: { name: 'admin' },
      project: { name: 'admin' },
      'OS-OAUTH1': { access_token_id: access.id, consumer_id: consumer.id },
    })
    expect(login.body.token.roles.map((role: any) => role.name).toSorted()).toEqual(['member', 'reader'])
    const client = cloud.withToken(login.headers.get('x-subject-token')!)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
    expect((await client.get(`${identity}/users`)).status).toBe(403)
    // What was fetched is gone.
    expect((await fetched(request, verifier)).status).toBe(401)
  })

  test('who signs with another secret, or asks for what nobody allowed, gets nothing', async () => {
    const wrong = { ...consumer, secret: 'x' }
    expect((await ask(cloud.projectId('admin'), wrong)).status).toBe(401)
    expect((await ask('nosuch')).status).toBe(404)
    expect((await signed(`${path}/request_token`)).status).toBe(400)
    expect((await cloud.anonymous.post(`${path}/request_token`)).status).toBe(401)
    const request = pairOf(await ask())
    expect((await fetched(request, 'x')).body.error.message).toBe('Request Token does not have an authorizing user id.')
    const { oauth_verifier: verifier } = (await allow(request)).body.token
    expect((await fetched(request, 'x')).body.error.message).toBe('Provided verifier does not match stored verifier')
    expect((await fetched({ ...request, secret: 'x' }, verifier)).status).toBe(401)
    const other: Pair = (await admin().post(`${path}/consumers`, { consumer: {} })).body.consumer
    expect((await fetched(request, verifier, other)).status).toBe(401)
    const access = pairOf(await fetched(request, verifier))
    expect((await logIn(access, { as: other })).status).toBe(401)
    expect((await logIn({ ...access, secret: 'x' })).status).toBe(401)
    expect((await logIn({ id: 'nosuch', secret: 'x' })).status).toBe(401)
    expect((await logIn(access, { scope: { project: { id: cloud.projectId('demo') } } })).status).toBe(401)
    const unsigned = { auth: { identity: { methods: ['oauth1'], oauth1: {} } } }
    expect((await cloud.anonymous.post(`${identity}/auth/tokens`, unsigned)).status).toBe(401)
  })

  test('only roles that he has are given, and only by who came by his own right', async () => {
    const request = pairOf(await ask())
    const refused = await allow(request, [{ name: 'service' }])
    expect([refused.status, refused.body.error.message]).toEqual([401, 'authorizing user does not have role required'])
    expect((await allow(request, [{ name: 'nosuch' }])).status).toBe(404)
    expect((await allow(request, [])).status).toBe(400)
    expect((await allow({ id: 'nosuch', secret: '' })).status).toBe(404)
    expect((await cloud.as('demo').put(`${path}/authorize/${request.id}`, { roles: [{ name: 'member' }] })).status).toBe(403)

    const client = cloud.withToken((await logIn(await given([{ name: 'admin' }]))).headers.get('x-subject-token')!)
    expect((await client.get(`${identity}/users`)).status).toBe(200)
    expect((await client.put(`${path}/authorize/${request.id}`, { roles: [{ name: 'member' }] })).status).toBe(403)
    expect((await client.get(`${identity}/users/${cloud.userId('admin')}/OS-OAUTH1/access_tokens`)).status).toBe(403)
    const credential = { application_credential: { name: 'stays' } }
    expect((await client.post(`${identity}/users/${cloud.userId('admin')}/application_credentials`, credential)).status).toBe(403)
    const trust = { trustor_user_id: cloud.userId('admin'), trustee_user_id: cloud.userId('demo'), impersonation: false }
    const handed = { trust: { ...trust, project_id: cloud.projectId('admin'), roles: [{ name: 'member' }] } }
    expect((await client.post(`${identity}/OS-TRUST/trusts`, handed)).status).toBe(403)
  })

  test('what a consumer was given is shown, and ends when it is taken back, at once and on every controller', async () => {
    const access = await given()
    const token = (await logIn(access)).headers.get('x-subject-token')!
    for (const controller of [1, 0]) expect((await cloud.withToken(token, { controller }).get('/compute/v2.1/servers')).status).toBe(200)
    const all = `${identity}/users/${cloud.userId('admin')}/OS-OAUTH1/access_tokens`
    const one = `${all}/${access.id}`
    const { access_token: shown } = (await admin().get(one)).body
    expect(shown).toEqual({
      ...{ id: access.id, consumer_id: consumer.id, project_id: cloud.projectId('admin'), authorizing_user_id: cloud.userId('admin') },
      expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
      links: { roles: `${cloud.url}${one}/roles`, self: `${cloud.url}${one}` },
    })
    expect((await admin().get(all)).body.access_tokens).toContainEqual(shown)
    const { roles } = (await admin().get(`${one}/roles`)).body
    expect(roles.map((role: any) => role.name)).toEqual(['member'])
    expect((await admin().get(`${one}/roles/${roles[0].id}`)).body.role).toEqual(roles[0])
    expect((await admin().get(`${one}/roles/nosuch`)).status).toBe(404)
    expect((await cloud.as('demo').get(one)).status).toBe(403)
    expect((await admin().get(`${identity}/users/${cloud.userId('demo')}/OS-OAUTH1/access_tokens/${access.id}`)).status).toBe(404)
    expect((await admin().delete(one)).status).toBe(204)
    expect((await cloud.withToken(token).get('/compute/v2.1/servers')).status).toBe(401)
    await expect
      .poll(async () => (await cloud.withToken(token, { controller: 1 }).get('/compute/v2.1/servers')).status, { timeout: 1000 })
      .toBe(401)
    expect((await logIn(access)).status).toBe(401)
  })

  test('what is over is good for nothing, and forgotten', async () => {
    const [request, access] = [pairOf(await ask()), await given()]
    const token = cloud.withToken((await logIn(access)).headers.get('x-subject-token')!)
    const { oauth_verifier: verifier } = (await allow(request)).body.token
    const lapse = async (table: 'keystone_oauth_requests' | 'keystone_oauth_access_tokens', { id }: Pair) =>
      cloud.ctx.db.updateTable(table).set({ expires_at: '2020-01-01T00:00:00.000000' }).where('id', '=', id).execute()
    await lapse('keystone_oauth_requests', request)
    await lapse('keystone_oauth_access_tokens', access)
    expect((await fetched(request, verifier)).status).toBe(401)
    expect((await allow(request)).status).toBe(401)
    expect((await logIn(access)).status).toBe(401)
    await expect.poll(async () => (await token.get('/compute/v2.1/servers')).status, { timeout: 1000 }).toBe(401)
    const lasting = await given()
    await forgetOauth(cloud.ctx)
    expect([await requestById(cloud.ctx.db, request.id), await accessTokenById(cloud.ctx.db, access.id)]).toEqual([undefined, undefined])
    expect((await logIn(lasting)).status).toBe(201)
  })

  test('all that a consumer was given ends with it', async () => {
    const short: Pair = (await admin().post(`${path}/consumers`, { consumer: {} })).body.consumer
    const request = pairOf(await ask(cloud.projectId('admin'), short))
    const access = pairOf(await fetched(request, (await allow(request)).body.token.oauth_verifier, short))
    const client = cloud.withToken((await logIn(access, { as: short })).headers.get('x-subject-token')!)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
    await admin().delete(`${path}/consumers/${short.id}`)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(401)
  })
})

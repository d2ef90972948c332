import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'
const tokens = `${identity}/auth/tokens`

describe.each(databases)('application credentials on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const demo = () => cloud.as('demo')
  let path: string
  beforeAll(() => void (path = `${identity}/users/${cloud.userId('demo')}/application_credentials`))
  const make = async (body: object) => demo().post(path, { application_credential: body })
  const made = async (body: object) => (await make(body)).body.application_credential
  const logIn = (proof: object, more: object = {}) =>
    cloud.anonymous.post(tokens, { auth: { identity: { methods: ['application_credential'], application_credential: proof }, ...more } })
  const as = async (proof: object) => cloud.withToken((await logIn(proof)).headers.get('x-subject-token')!)

  test('a credential is made with all roles of its maker, shown without its secret, listed, and deleted', async () => {
    const { status, body } = await make({ name: 'monitoring', description: 'reads' })
    expect(status).toBe(201)
    const { secret, ...shown } = body.application_credential
    expect(secret).toMatch(/^[\w-]{86}$/)
    expect(shown).toMatchObject({
      name: 'monitoring',
      description: 'reads',
      project_id: cloud.projectId('demo'),
      expires_at: null,
      unrestricted: false,
      system: null,
      links: { self: `${cloud.url}${path}/${shown.id}` },
    })
    expect(shown.roles.map((role: any) => role.name).toSorted()).toEqual(['member', 'reader'])
    expect(shown).not.toHaveProperty('access_rules')
    expect((await demo().get(`${path}/${shown.id}`)).body.application_credential).toEqual(shown)
    expect((await demo().get(`${path}?name=monitoring`)).body.application_credentials).toEqual([shown])
    expect((await demo().get(`${path}?name=other`)).body.application_credentials).toEqual([])
    expect((await make({ name: 'monitoring' })).status).toBe(409)
    expect((await demo().delete(`${path}/${shown.id}`)).status).toBe(204)
    expect((await demo().get(`${path}/${shown.id}`)).body.error.message).toBe(`Could not find Application Credential: ${shown.id}.`)
  })

  test('who knows its secret gets a token for its project, by id or by name, and no other', async () => {
    const { id, secret } = await made({ name: 'robot', secret: 'rosebud' })
    expect(secret).toBe('rosebud')
    const byId = await logIn({ id, secret })
    expect(byId.status).toBe(201)
    expect(byId.body.token).toMatchObject({
      methods: ['application_credential'],
      user: { name: 'demo' },
      project: { name: 'demo' },
      application_credential: { id, name: 'robot', restricted: true },
    })
    const user = { name: 'demo', domain: { id: 'default' } }
    expect((await logIn({ name: 'robot', user, secret })).status).toBe(201)
    for (const wrong of [
      { id, secret: 'x' },
      { id: 'nosuch', secret },
      { name: 'robot', user: { id: cloud.userId('admin') }, secret },
    ])
      expect((await logIn(wrong)).body.error.message).toBe('The request you have made requires authentication.')
    const scoped = await logIn({ id, secret }, { scope: { project: { id: cloud.projectId('demo') } } })
    expect([scoped.status, scoped.body.error.message]).toEqual([401, 'Application credentials cannot request a scope.'])
    const blame =
      'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'
    expect((await logIn({ id })).body.error.message).toBe(`Expecting to find secret in application_credential. ${blame}`)
    expect((await logIn({ name: 'robot', secret })).body.error.message).toBe(`Expecting to find user in application_credential. ${blame}`)
  })

  test('it has the roles that were chosen and no others, also through a token made of its token', async () => {
    const { id, secret, roles } = await made({ name: 'reader', roles: [{ name: 'reader' }] })
    expect(roles.map((role: any) => role.name)).toEqual(['reader'])
    const first = await logIn({ id, secret })
    expect(first.body.token.roles.map((role: any) => role.name)).toEqual(['reader'])
    const token = { methods: ['token'], token: { id: first.headers.get('x-subject-token')! } }
    const second = await cloud.anonymous.post(tokens, { auth: { identity: token } })
    expect(second.body.token).toMatchObject({ methods: ['token', 'application_credential'], application_credential: { id } })
    expect(second.body.token.roles.map((role: any) => role.name)).toEqual(['reader'])
    const other = await cloud.anonymous.post(tokens, { auth: { identity: token, scope: { project: { id: cloud.projectId('demo') } } } })
    expect(other.status).toBe(401)
    const client = cloud.withToken(second.headers.get('x-subject-token')!)
    expect((await client.get('/networking/v2.0/networks')).status).toBe(200)
    expect((await client.post('/networking/v2.0/networks', { network: {} })).status).toBe(403)
    expect((await make({ name: 'above', roles: [{ name: 'admin' }] })).status).toBe(404)
    expect((await make({ name: 'above', roles: [{ name: 'nosuch' }] })).body.error.message).toBe('Could not find role: nosuch.')
  })

  test('its tokens end when it goes, at once and on every controller', async () => {
    const { id, secret } = await made({ name: 'short-lived' })
    const token = (await logIn({ id, secret })).headers.get('x-subject-token')!
    for (const controller of [1, 0]) expect((await cloud.withToken(token, { controller }).get('/compute/v2.1/servers')).status).toBe(200)
    await demo().delete(`${path}/${id}`)
    expect((await cloud.withToken(token).get('/compute/v2.1/servers')).status).toBe(401)
    await expect
      .poll(async () => (await cloud.withToken(token, { controller: 1 }).get('/compute/v2.1/servers')).status, { timeout: 1000 })
      .toBe(401)
    expect((await logIn({ id, secret })).status).toBe(401)
  })

  test('its tokens end when its maker loses a role that he handed on', async () => {
    const admin = cloud.as('admin')
    const { user } = (await admin.post(`${identity}/users`, { user: { name: 'leaver', password: 'pw' } })).body
    const grantOf = async (name: string) => {
      const [role] = (await admin.get(`${identity}/roles?name=${name}`)).body.roles
      return `${identity}/projects/${cloud.projectId('demo')}/users/${user.id}/roles/${role.id}`
    }
    const grant = await grantOf('member')
    await admin.put(grant)
    // What he keeps does not save it.
    await admin.put(await grantOf('reader'))
    const login = { methods: ['password'], password: { user: { id: user.id, password: 'pw' } } }
    const own = await cloud.anonymous.post(tokens, { auth: { identity: login, scope: { project: { id: cloud.projectId('demo') } } } })
    const body = { application_credential: { name: 'legacy' } }
    const reply = await cloud
      .withToken(own.headers.get('x-subject-token')!)
      .post(`${identity}/users/${user.id}/application_credentials`, body)
    const { id, secret } = reply.body.application_credential
    const client = await as({ id, secret })
    expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
    await admin.delete(grant)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(401)
    expect((await logIn({ id, secret })).status).toBe(401)
  })

  test('it may end by itself, and its tokens with it', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString().replace('Z', '')
    const { id, secret, expires_at } = await made({ name: 'until', expires_at: `${soon}456` })
    expect(expires_at).toBe(`${soon}456`)
    const { token } = (await logIn({ id, secret })).body
    expect(Date.parse(token.expires_at)).toBe(Math.floor(Date.parse(`${soon}Z`) / 1000) * 1000)
    expect((await make({ name: 'past', expires_at: '2020-01-01T00:00:00Z' })).body.error.message).toMatch(
      "The 'expires_at' must not be before now.",
    )
    expect((await make({ name: 'never', expires_at: 'tomorrow' })).body.error.message).toMatch('Timestamp not in expected format.')
  })

  test('only an unrestricted one makes and deletes others', async () => {
    const restricted = await as(await made({ name: 'restricted' }))
    const unrestricted = await as(await made({ name: 'unrestricted', unrestricted: true }))
    const body = (name: string) => ({ application_credential: { name } })
    const refused = await restricted.post(path, body('child'))
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      "You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing additional application credentials.",
    ])
    const child = await unrestricted.post(path, body('child'))
    expect(child.status).toBe(201)
    expect((await restricted.delete(`${path}/${child.body.application_credential.id}`)).status).toBe(403)
    expect((await unrestricted.delete(`${path}/${child.body.application_credential.id}`)).status).toBe(204)
  })

  test('nobody makes one for another, and only an admin sees others’', async () => {
    const { id } = await made({ name: 'mine' })
    expect((await cloud.as('admin').post(path, { application_credential: { name: 'x' } })).status).toBe(403)
    expect((await cloud.as('alt_demo').get(path)).status).toBe(403)
    expect((await cloud.as('alt_demo').get(`${path}/${id}`)).status).toBe(403)
    expect((await cloud.as('admin').get(`${path}/${id}`)).body.application_credential.name).toBe('mine')
    const elsewhere = `${identity}/users/${cloud.userId('admin')}/application_credentials/${id}`
    expect((await cloud.as('admin').get(elsewhere)).status).toBe(404)
  })

  test('access rules say what it may be used for; they are kept, listed, shared and not deleted while in use', async () => {
    const rules = `${identity}/users/${cloud.userId('demo')}/access_rules`
    const rule = { service: 'compute', method: 'GET', path: '/v2.1/servers' }
    const first = await made({ name: 'narrow', access_rules: [rule] })
    expect(first.access_rules).toEqual([{ id: expect.any(String), ...rule }])
    const ruleId = first.access_rules[0].id
    const second = await made({ name: 'narrow too', access_rules: [{ id: ruleId }, rule] })
    expect(second.access_rules).toEqual(first.access_rules)
    expect((await demo().get(rules)).body.access_rules).toEqual([
      { id: ruleId, ...rule, links: { self: `${cloud.url}${rules}/${ruleId}` } },
    ])
    expect((await demo().get(`${rules}?service=image`)).body.access_rules).toEqual([])
    expect((await demo().get(`${rules}/${ruleId}`)).body.access_rule.path).toBe('/v2.1/servers')

    const client = await as(first)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
    expect((await client.get('/compute/v2.1/servers/detail')).status).toBe(401)
    expect((await client.get('/networking/v2.0/networks')).status).toBe(401)

    const inUse = await demo().delete(`${rules}/${ruleId}`)
    expect([inUse.status, inUse.body.error.message]).toEqual([
      403,
      'You are not authorized to perform the requested action: May not delete access rule in use.',
    ])
    for (const { id } of [first, second]) await demo().delete(`${path}/${id}`)
    expect((await demo().delete(`${rules}/${ruleId}`)).status).toBe(204)
    expect((await demo().get(`${rules}/${ruleId}`)).status).toBe(404)
    expect((await cloud.as('alt_demo').get(rules)).status).toBe(403)
    expect((await make({ name: 'lost', access_rules: [{ id: ruleId }] })).status).toBe(404)
    expect((await make({ name: 'half', access_rules: [{ service: 'compute' }] })).status).toBe(400)
  })

  test('one whose access rule vanished may do nothing, rather than everything', async () => {
    const credential = await made({ name: 'orphaned', access_rules: [{ service: 'compute', method: 'GET', path: '/v2.1/servers' }] })
    const client = await as(credential)
    expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
    // As when the rule is deleted while a credential that names it is made.
    await cloud.ctx.db.deleteFrom('keystone_access_rules').where('id', '=', credential.access_rules[0].id).execute()
    await expect.poll(async () => (await client.get('/compute/v2.1/servers')).status, { timeout: 2000 }).toBe(401)
  })

  test('bad input is refused', async () => {
    for (const body of [
      {},
      { name: '' },
      { name: 1 },
      { name: 'a', roles: 'x' },
      { name: 'a', access_rules: [{ ...{ service: 'c', method: 'X', path: '/' } }] },
    ])
      expect([(await make(body)).status, body]).toEqual([400, body])
  })
})

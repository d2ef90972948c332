import { describe, expect, test } from 'vitest'
import { databases, passwordOf, useCloud } from '../../../test/helpers/a-cloud.ts'
import { loginOf } from '../../../test/helpers/test-identity.ts'

const path = '/identity/v3/auth/tokens'
const domain = { id: 'default' }
const by = (user: object) => ({ methods: ['password'], password: { user } })
const asUser = (name: string, password = passwordOf(name)) => by({ name, domain, password })
const project = (name: string) => ({ project: { name, domain } })
const names = (roles: { name: string }[]) => roles.map((role) => role.name).toSorted()

describe.each(databases)('tokens on %s', (database) => {
  const cloud = useCloud(database)
  const logIn = (auth: object, query = '') => cloud.anonymous.post(path + query, { auth })
  const tokenOf = async (auth: object) => (await logIn(auth)).headers.get('x-subject-token')!
  const validate = (subject: string, query = '') => cloud.as('admin').get(path + query, { 'x-subject-token': subject })

  test('a user logs in to a project by names', async () => {
    const { status, headers, body } = await logIn((loginOf('demo') as { auth: object }).auth)
    expect(status).toBe(201)
    expect(headers.get('x-subject-token')).toMatch(/^gAAAAA[\w-]+$/)
    expect(headers.get('vary')).toBe('X-Auth-Token')
    expect(headers.get('content-type')).toBe('application/json')
    expect(body.token).toMatchObject({
      methods: ['password'],
      user: { name: 'demo', id: cloud.userId('demo'), domain: { id: 'default', name: 'Default' }, password_expires_at: null },
      project: { name: 'demo', id: cloud.projectId('demo'), domain: { id: 'default', name: 'Default' } },
      is_domain: false,
    })
    expect(names(body.token.roles)).toEqual(['member', 'reader'])
    expect(body.token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/)
    expect(Date.parse(body.token.expires_at) - Date.parse(body.token.issued_at)).toBe(3_600_000)
    expect(body.token.audit_ids).toHaveLength(1)
    const compute = body.token.catalog.find((entry: { type: string }) => entry.type === 'compute')
    expect(compute.endpoints[0]).toMatchObject({ url: `${cloud.url}/compute/v2.1`, region: 'RegionOne', region_id: 'RegionOne' })
  })

  test('ids do as well as names, and the domain may be named', async () => {
    const byId = by({ id: cloud.userId('demo'), password: passwordOf('demo') })
    expect((await logIn({ identity: byId, scope: { project: { id: cloud.projectId('demo') } } })).status).toBe(201)
    const byDomainName = by({ name: 'demo', domain: { name: 'Default' }, password: passwordOf('demo') })
    expect((await logIn({ identity: byDomainName, scope: { project: { name: 'demo', domain: { name: 'Default' } } } })).status).toBe(201)
  })

  test('an admin has all the roles that his role implies', async () => {
    const { body } = await logIn({ identity: asUser('admin'), scope: project('admin') })
    expect(names(body.token.roles)).toEqual(['admin', 'manager', 'member', 'reader'])
  })

  test('without a scope and a default project the token is for nothing, and has no catalog', async () => {
    const { status, body } = await logIn({ identity: asUser('demo') })
    expect(status).toBe(201)
    expect(Object.keys(body.token).toSorted()).toEqual(['audit_ids', 'expires_at', 'issued_at', 'methods', 'user'])
  })

  test('the default project is the scope of who asks for none, unless unscoped is asked for', async () => {
    const admin = cloud.as('admin')
    const { body } = await admin.post('/identity/v3/users', {
      user: { name: 'homely', password: 'pw', default_project_id: cloud.projectId('demo') },
    })
    const withoutRole = await logIn({ identity: asUser('homely', 'pw') })
    expect(withoutRole.body.token.project).toBeUndefined()
    const role = (await admin.get('/identity/v3/roles?name=member')).body.roles[0].id
    await admin.put(`/identity/v3/projects/${cloud.projectId('demo')}/users/${body.user.id}/roles/${role}`)
    expect((await logIn({ identity: asUser('homely', 'pw') })).body.token.project.name).toBe('demo')
    for (const scope of ['unscoped', { unscoped: {} }]) {
      expect((await logIn({ identity: asUser('homely', 'pw'), scope })).body.token.project).toBeUndefined()
    }
  })

  test('tokens for a domain and for the system say so', async () => {
    const ofDomain = await logIn({ identity: asUser('admin'), scope: { domain } })
    expect(ofDomain.body.token.domain).toEqual({ id: 'default', name: 'Default' })
    expect(ofDomain.body.token.project).toBeUndefined()
    const ofSystem = await logIn({ identity: asUser('system_reader'), scope: { system: { all: true } } })
    expect(ofSystem.body.token.system).toEqual({ all: true })
    expect(names(ofSystem.body.token.roles)).toEqual(['reader'])
  })

  test('every wrong log-in is refused with the same words', async () => {
    const wrong = [
      { identity: asUser('demo', 'wrong') },
      { identity: asUser('nobody', 'wrong') },
      { identity: by({ id: 'nosuch', password: 'x' }) },
      { identity: by({ name: 'demo', domain: { name: 'nosuch' }, password: 'x' }) },
      { identity: asUser('demo'), scope: project('admin') },
      { identity: asUser('demo'), scope: project('nosuch') },
      { identity: asUser('demo'), scope: { project: { id: 'default' } } },
      { identity: asUser('demo'), scope: { domain } },
      { identity: asUser('demo'), scope: { domain: { id: cloud.projectId('demo') } } },
      { identity: asUser('demo'), scope: { system: { all: true } } },
    ]
    for (const auth of wrong) {
      const { status, headers, body } = await logIn(auth)
      expect([status, body]).toEqual([
        401,
        { error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' } },
      ])
      expect(headers.get('www-authenticate')).toBe(`Keystone uri="${cloud.url}/identity/v3"`)
    }
    const method = await logIn({ identity: { methods: ['saml2'] } })
    expect([method.status, method.body.error.message]).toEqual([401, 'Attempted to authenticate with an unsupported method.'])
    // keystone tells of a token that it is none, as it does where one is to be shown.
    const token = await logIn({ identity: { methods: ['token'], token: { id: 'bad' } } })
    expect([token.status, token.body.error.message]).toEqual([404, 'Could not recognize Fernet token'])
  })

  test('a log-in that a change of the password overtakes is worth nothing afterwards', async () => {
    const admin = cloud.as('admin')
    for (let turn = 0; turn < 12; turn++) {
      const { id } = (await admin.post('/identity/v3/users', { user: { name: `overtaken ${turn}`, password: 'old' } })).body.user
      const changing = admin.patch(`/identity/v3/users/${id}`, { user: { password: 'new' } })
      const token = await tokenOf({ identity: by({ id, password: 'old' }) })
      expect((await changing).status).toBe(200)
      if (token) expect((await validate(token)).status).toBe(404)
    }
  })

  test('malformed log-ins are refused with what is missing', async () => {
    const blame =
      'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'
    const cases: [object, string][] = [
      [{}, "'identity' is a required property"],
      [{ identity: {} }, "Invalid input for field 'identity': 'methods' is a required property"],
      [{ identity: { methods: 'password' } }, "Invalid input for field 'identity/methods': 'password' is not of type 'array'"],
      [{ identity: { methods: ['password'] } }, `Expecting to find password in identity. ${blame}`],
      [{ identity: by({ name: 'demo', password: 'x' }) }, `Expecting to find domain in user. ${blame}`],
      [{ identity: by({ password: 'x' }) }, `Expecting to find id or name in user. ${blame}`],
      [{ identity: by({ name: 'demo', domain }) }, `Expecting to find password in user. ${blame}`],
      [{ identity: asUser('demo'), scope: { project: { name: 'demo' } } }, `Expecting to find domain in project. ${blame}`],
      [{ identity: asUser('demo'), scope: {} }, `Expecting to find project, domain, or system in scope. ${blame}`],
      [
        { identity: asUser('demo'), scope: { domain, ...project('demo') } },
        `Expecting to find project, domain, or system in scope. ${blame}`,
      ],
    ]
    for (const [auth, message] of cases) {
      const { status, body } = await logIn(auth)
      expect([status, body]).toEqual([400, { error: { code: 400, message, title: 'Bad Request' } }])
    }
    const text = await cloud.anonymous.request('POST', path, { body: '{nojson', headers: { 'content-type': 'application/json' } })
    expect([text.status, ((await text.json()) as any).error.message]).toEqual([
      400,
      `Expecting to find valid JSON in request body. ${blame}`,
    ])
  })

  test('a token describes itself to who may see it, and is checked by HEAD', async () => {
    const token = await tokenOf({ identity: asUser('demo'), scope: project('demo') })
    const shown = await validate(token)
    expect(shown.status).toBe(200)
    expect(shown.headers.get('x-subject-token')).toBe(token)
    expect(shown.body.token.catalog.length).toBeGreaterThan(0)
    expect((await validate(token, '?nocatalog')).body.token.catalog).toBeUndefined()
    const own = await cloud.anonymous.get(path, { 'x-auth-token': token, 'x-subject-token': token })
    expect(own.body).toEqual(shown.body)
    const head = await cloud.anonymous.request('HEAD', path, { headers: { 'x-auth-token': token, 'x-subject-token': token } })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const foreign = await cloud.as('alt_demo').get(path, { 'x-subject-token': token })
    expect([foreign.status, foreign.body.error.message]).toEqual([
      403,
      'You are not authorized to perform the requested action: identity:validate_token.',
    ])
    expect((await cloud.as('nova').get(path, { 'x-subject-token': token })).status).toBe(200)
    expect((await cloud.as('system_reader').get(path, { 'x-subject-token': token })).status).toBe(200)
  })

  test('what is no token is not found', async () => {
    const bad = await validate('bad')
    expect([bad.status, bad.body.error]).toEqual([404, { code: 404, message: 'Could not recognize Fernet token', title: 'Not Found' }])
    const token = await tokenOf({ identity: asUser('demo') })
    const forged = token.slice(0, -3) + (token.endsWith('AAA') ? 'BBB' : 'AAA')
    expect((await validate(forged)).status).toBe(404)
    expect((await cloud.as('admin').get(path)).status).toBe(404)
    expect((await cloud.anonymous.get('/identity/v3/projects', { 'x-auth-token': forged })).status).toBe(401)
    expect((await cloud.anonymous.get('/identity/v3/projects', { 'x-auth-token': 'ü'.repeat(3) })).status).toBe(401)
  })

  test('a token is exchanged for one of another scope, which ends with it and continues its chain', async () => {
    const unscoped = await logIn({ identity: asUser('demo') })
    const token = unscoped.headers.get('x-subject-token')!
    const scoped = await logIn({ identity: { methods: ['token'], token: { id: token } }, scope: project('demo') })
    expect(scoped.status).toBe(201)
    expect(scoped.body.token.methods.toSorted()).toEqual(['password', 'token'])
    expect(scoped.body.token.expires_at).toBe(unscoped.body.token.expires_at)
    expect(scoped.body.token.audit_ids).toEqual([expect.any(String), unscoped.body.token.audit_ids[0]])
    const again = await logIn({
      identity: { methods: ['token'], token: { id: scoped.headers.get('x-subject-token')! } },
      scope: 'unscoped',
    })
    expect(again.body.token.audit_ids).toEqual([expect.any(String), unscoped.body.token.audit_ids[0]])
    const mixed = await logIn({ identity: { ...asUser('alt_demo'), methods: ['password', 'token'], token: { id: token } } })
    expect(mixed.status).toBe(401)
  })

  test('a token that is revoked is good for nothing', async () => {
    const token = await tokenOf({ identity: asUser('demo'), scope: project('demo') })
    expect((await validate(token)).status).toBe(200)
    expect((await cloud.as('alt_demo').delete(path, { 'x-subject-token': token })).status).toBe(403)
    expect((await cloud.as('admin').delete(path, { 'x-subject-token': token })).status).toBe(204)
    expect((await validate(token)).status).toBe(404)
    expect((await cloud.anonymous.get('/identity/v3/auth/projects', { 'x-auth-token': token })).status).toBe(401)
    expect((await logIn({ identity: { methods: ['token'], token: { id: token } } })).status).toBe(404)
    expect((await cloud.as('admin').delete(path, { 'x-subject-token': token })).status).toBe(404)
  })

  test('a repeat of a revocation is answered as before', async () => {
    const token = await tokenOf({ identity: asUser('demo') })
    const headers = { 'x-subject-token': token, 'idempotency-key': 'revoke-once' }
    expect((await cloud.as('admin').delete(path, headers)).status).toBe(204)
    const repeat = await cloud.as('admin').delete(path, headers)
    expect([repeat.status, repeat.headers.get('idempotency-replayed')]).toEqual([204, 'true'])
  })

  test('who has a token learns what else it could be for', async () => {
    const { body } = await cloud.as('demo').get('/identity/v3/auth/projects')
    expect(body.projects.map((row: { name: string }) => row.name).toSorted()).toEqual(['demo', 'invisible_to_admin'])
    expect(body.links).toEqual({ next: null, self: `${cloud.url}/identity/v3/auth/projects`, previous: null })
    expect((await cloud.as('demo').get('/identity/v3/auth/domains')).body.domains).toEqual([])
    expect((await cloud.as('admin').get('/identity/v3/auth/domains')).body.domains[0].name).toBe('Default')
    expect((await cloud.as('admin').get('/identity/v3/auth/system')).body.system).toEqual([{ all: true }])
    expect((await cloud.as('demo').get('/identity/v3/auth/system')).body.system).toEqual([])
    expect((await cloud.as('demo').get('/identity/v3/auth/catalog')).body.catalog.length).toBeGreaterThan(3)
  })

  test('the version documents are there for everyone', async () => {
    const root = await cloud.anonymous.get('/identity')
    expect([root.status, root.body.versions.values[0].id]).toEqual([300, 'v3.14'])
    const v3 = await cloud.anonymous.get('/identity/v3/')
    expect([v3.status, v3.body.version.links[0].href]).toEqual([200, `${cloud.url}/identity/v3/`])
  })
})

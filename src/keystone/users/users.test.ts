import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const v3 = '/identity/v3'
const refusal = (code: number, title: string, message: string) => ({ error: { code, message, title } })

describe.each(databases)('users on %s', (database) => {
  const cloud = useCloud(database)
  const create = async (user: object) => (await cloud.as('admin').post(`${v3}/users`, { user })).body.user
  const domainToken = async (name: string, domainId: string) => {
    const auth = {
      identity: { methods: ['password'], password: { user: { name, domain: { id: domainId }, password: 'pw' } } },
      scope: { domain: { id: domainId } },
    }
    return { 'x-auth-token': (await cloud.anonymous.post(`${v3}/auth/tokens`, { auth })).headers.get('x-subject-token')! }
  }

  test('an admin makes, shows, changes and removes a user', async () => {
    const admin = cloud.as('admin')
    const made = await admin.post(`${v3}/users`, {
      user: { name: 'u1', password: 'secret123', email: 'u1@example.org', description: 'first', options: {} },
    })
    expect(made.status).toBe(201)
    const { id } = made.body.user
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    const shown = {
      id,
      name: 'u1',
      domain_id: 'default',
      enabled: true,
      email: 'u1@example.org',
      description: 'first',
      options: {},
      password_expires_at: null,
      links: { self: `${cloud.url}${v3}/users/${id}` },
    }
    expect(made.body.user).toEqual(shown)
    expect((await admin.get(`${v3}/users/${id}`)).body).toEqual({ user: shown })
    const changed = await admin.patch(`${v3}/users/${id}`, {
      user: { name: 'u2', email: 'u2@example.org', default_project_id: cloud.projectId('demo') },
    })
    expect(changed.body.user).toEqual({ ...shown, name: 'u2', email: 'u2@example.org', default_project_id: cloud.projectId('demo') })
    expect((await admin.delete(`${v3}/users/${id}`)).status).toBe(204)
    const gone = await admin.get(`${v3}/users/${id}`)
    expect([gone.status, gone.body]).toEqual([404, refusal(404, 'Not Found', `Could not find user: ${id}.`)])
    expect((await admin.delete(`${v3}/users/${id}`)).status).toBe(404)
  })

  test('lists are filtered by name, domain and state, and paged', async () => {
    const admin = cloud.as('admin')
    for (const name of ['list-a', 'list-b', 'list-c', 'other_list']) await create({ name, enabled: name !== 'list-c' })
    const names = async (query: string) =>
      (await admin.get(`${v3}/users?${query}`)).body.users.map((user: { name: string }) => user.name).toSorted()
    expect(await names('name=list-a')).toEqual(['list-a'])
    expect(await names('name=LIST-A')).toEqual([])
    expect(await names('name__startswith=list')).toEqual(['list-a', 'list-b', 'list-c'])
    expect(await names('name__contains=r_l')).toEqual(['other_list'])
    expect(await names('name__icontains=LIST-B')).toEqual(['list-b'])
    expect(await names('name__endswith=ist')).toEqual(['other_list'])
    expect(await names('name__startswith=list&enabled=false')).toEqual(['list-c'])
    expect(await names('name=list-a&domain_id=nosuch')).toEqual([])
    const first = (await admin.get(`${v3}/users?name__startswith=list&limit=2`)).body
    expect(first.users).toHaveLength(2)
    const second = await admin.get(first.links.next.slice(cloud.url.length))
    expect([second.body.users.length, second.body.links.next]).toEqual([1, null])
    expect(new Set([...first.users, ...second.body.users].map((user) => user.id)).size).toBe(3)
  })

  test('two users of one domain can not have one name, even when they come at once', async () => {
    const replies = await Promise.all(Array.from({ length: 5 }, () => cloud.as('admin').post(`${v3}/users`, { user: { name: 'twin' } })))
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
    const loser = replies.find((reply) => reply.status === 409)!
    expect(loser.body).toEqual(
      refusal(409, 'Conflict', 'Conflict occurred attempting to store user - Duplicate entry found with name twin at domain ID default.'),
    )
    const other = await create({ name: 'no-twin' })
    expect((await cloud.as('admin').patch(`${v3}/users/${other.id}`, { user: { name: 'twin' } })).status).toBe(409)
    expect((await cloud.as('admin').get(`${v3}/users/${other.id}`)).body.user.name).toBe('no-twin')
  })

  test('bad users are refused as keystone words it', async () => {
    const cases: [object, number, string][] = [
      [{}, 400, "'name' is a required property"],
      [{ name: '' }, 400, "Invalid input for field 'name': '' is too short"],
      [{ name: 'x'.repeat(256) }, 400, `Invalid input for field 'name': '${'x'.repeat(256)}' is too long`],
      [{ name: 7 }, 400, "Invalid input for field 'name': 7 is not of type 'string'"],
      [{ name: 'x', enabled: 'yes' }, 400, "Invalid input for field 'enabled': 'yes' is not of type 'boolean'"],
      [{ name: 'x', default_project_id: 5 }, 400, "Invalid input for field 'default_project_id': 5 is not of type 'string', 'null'"],
      [{ name: 'x', domain_id: 'nosuch' }, 404, 'Could not find domain: nosuch.'],
      [{ name: 'x', domain_id: cloud.projectId('demo') }, 404, `Could not find domain: ${cloud.projectId('demo')}.`],
      [{ name: 'x', default_project_id: 'nosuch' }, 404, 'Could not find project: nosuch.'],
      [{ name: 'x', default_project_id: 'default' }, 400, "User's default project ID cannot be a domain ID."],
    ]
    for (const [user, status, message] of cases) {
      const reply = await cloud.as('admin').post(`${v3}/users`, { user })
      expect([reply.status, reply.body.error.message]).toEqual([status, message])
    }
    expect((await cloud.as('admin').post(`${v3}/users`, {})).body.error.message).toBe("'user' is a required property")
    expect((await cloud.as('admin').get(`${v3}/users?name=x`)).body.users).toEqual([])
  })

  test('users without rights are refused, except for themselves', async () => {
    const demo = cloud.as('demo')
    const list = await demo.get(`${v3}/users`)
    expect([list.status, list.body]).toEqual([
      403,
      refusal(403, 'Forbidden', 'You are not authorized to perform the requested action: identity:list_users.'),
    ])
    expect((await demo.get(`${v3}/users/${cloud.userId('demo')}`)).body.user.name).toBe('demo')
    expect((await demo.get(`${v3}/users/${cloud.userId('admin')}`)).status).toBe(403)
    // Whether there is such a user is none of their business.
    expect((await demo.get(`${v3}/users/nosuch`)).status).toBe(403)
    expect((await demo.delete(`${v3}/users/${cloud.userId('demo')}`)).status).toBe(403)
    expect((await demo.post(`${v3}/users`, { user: { name: 'x' } })).status).toBe(403)
    expect((await cloud.as('system_reader').get(`${v3}/users`)).status).toBe(200)
    expect((await cloud.as('system_reader').post(`${v3}/users`, { user: { name: 'x' } })).status).toBe(403)
    expect((await cloud.anonymous.get(`${v3}/users`)).status).toBe(401)
  })

  test('the manager of a domain rules over its users alone', async () => {
    const admin = cloud.as('admin')
    const domainId = (await admin.post(`${v3}/domains`, { domain: { name: 'county' } })).body.domain.id
    const boss = await create({ name: 'boss', domain_id: domainId, password: 'pw' })
    const manager = (await admin.get(`${v3}/roles?name=manager`)).body.roles[0].id
    const adminRole = (await admin.get(`${v3}/roles?name=admin`)).body.roles[0].id
    await admin.put(`${v3}/domains/${domainId}/users/${boss.id}/roles/${manager}`)
    const asBoss = await domainToken('boss', domainId)
    const made = await cloud.anonymous.post(`${v3}/users`, { user: { name: 'serf' } }, asBoss)
    expect([made.status, made.body.user.domain_id]).toEqual([201, domainId])
    expect((await cloud.anonymous.post(`${v3}/users`, { user: { name: 'x', domain_id: 'default' } }, asBoss)).status).toBe(403)
    const list = (await cloud.anonymous.get(`${v3}/users`, asBoss)).body.users.map((user: { name: string }) => user.name)
    expect(list.toSorted()).toEqual(['boss', 'serf'])
    expect((await cloud.anonymous.patch(`${v3}/users/${cloud.userId('demo')}`, { user: { enabled: false } }, asBoss)).status).toBe(403)
    const serf = `${v3}/domains/${domainId}/users/${made.body.user.id}/roles`
    expect((await cloud.anonymous.put(`${serf}/${manager}`, undefined, asBoss)).status).toBe(204)
    expect((await cloud.anonymous.put(`${serf}/${adminRole}`, undefined, asBoss)).status).toBe(403)
    expect((await cloud.anonymous.put(`${v3}/domains/default/users/${made.body.user.id}/roles/${manager}`, undefined, asBoss)).status).toBe(
      403,
    )
  })

  test('a user changes his own password with the old one, and needs no token for it', async () => {
    const { id } = await create({ name: 'changer', password: 'old' })
    const change = (user: object) => cloud.anonymous.post(`${v3}/users/${id}/password`, { user })
    expect((await change({ original_password: 'wrong', password: 'new' })).status).toBe(401)
    expect((await change({ password: 'new' })).body.error.message).toBe("'original_password' is a required property")
    expect((await cloud.anonymous.post(`${v3}/users/nosuch/password`, { user: { original_password: 'a', password: 'b' } })).status).toBe(
      401,
    )
    expect((await change({ original_password: 'old', password: 'new' })).status).toBe(204)
    expect((await change({ original_password: 'old', password: 'newer' })).status).toBe(401)
    const auth = (password: string) => ({ auth: { identity: { methods: ['password'], password: { user: { id, password } } } } })
    expect((await cloud.anonymous.post(`${v3}/auth/tokens`, auth('old'))).status).toBe(401)
    expect((await cloud.anonymous.post(`${v3}/auth/tokens`, auth('new'))).status).toBe(201)
  })

  test('of two changes of a password at once one is refused', async () => {
    const { id } = await create({ name: 'racer', password: 'old' })
    const change = (password: string) =>
      cloud.anonymous.post(`${v3}/users/${id}/password`, { user: { original_password: 'old', password } })
    const replies = await Promise.all([change('one'), change('two')])
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([204, 401])
  })

  test('no answer shows a password or its hash', async () => {
    const made = await cloud.as('admin').post(`${v3}/users`, { user: { name: 'quiet', password: 'very-secret' } })
    const shown = await cloud.as('admin').get(`${v3}/users/${made.body.user.id}`)
    expect(JSON.stringify([made.body, shown.body])).not.toMatch(/very-secret|scrypt|password_hash/)
  })

  test('groups have members, and members have the roles of their groups', async () => {
    const admin = cloud.as('admin')
    const { id: userId } = await create({ name: 'joiner', password: 'pw' })
    const made = await admin.post(`${v3}/groups`, { group: { name: 'crew', description: 'all hands' } })
    const group = made.body.group
    expect([made.status, group.domain_id, group.links.self]).toEqual([201, 'default', `${cloud.url}${v3}/groups/${group.id}`])
    const member = `${v3}/groups/${group.id}/users/${userId}`
    expect((await admin.get(member)).status).toBe(404)
    expect((await admin.put(member)).status).toBe(204)
    expect((await admin.put(member)).status).toBe(204)
    expect((await admin.get(member)).status).toBe(204)
    expect((await admin.get(`${v3}/groups/${group.id}/users`)).body.users[0].name).toBe('joiner')
    expect((await admin.get(`${v3}/users/${userId}/groups`)).body.groups[0].name).toBe('crew')
    const reader = (await admin.get(`${v3}/roles?name=reader`)).body.roles[0].id
    await admin.put(`${v3}/projects/${cloud.projectId('demo')}/groups/${group.id}/roles/${reader}`)
    const auth = {
      identity: { methods: ['password'], password: { user: { id: userId, password: 'pw' } } },
      scope: { project: { id: cloud.projectId('demo') } },
    }
    const token = await cloud.anonymous.post(`${v3}/auth/tokens`, { auth })
    expect(token.body.token.roles.map((role: { name: string }) => role.name)).toEqual(['reader'])
    expect((await admin.get(`${v3}/users/${userId}/projects`)).body.projects.map((project: { name: string }) => project.name)).toEqual([
      'demo',
    ])
    expect((await admin.delete(member)).status).toBe(204)
    expect((await admin.delete(member)).status).toBe(404)
    expect((await cloud.anonymous.post(`${v3}/auth/tokens`, { auth })).status).toBe(401)
    expect((await admin.patch(`${v3}/groups/${group.id}`, { group: { name: 'crew2' } })).body.group.name).toBe('crew2')
    expect((await admin.post(`${v3}/groups`, { group: { name: 'crew2' } })).status).toBe(409)
    expect((await admin.delete(`${v3}/groups/${group.id}`)).status).toBe(204)
    expect((await admin.get(`${v3}/groups/${group.id}`)).body.error.message).toBe(`Could not find group: ${group.id}.`)
  })

  test('credentials are kept sealed, and shown to their owner', async () => {
    const demo = cloud.as('demo')
    const blob = JSON.stringify({ access: 'key-1', secret: 'deep secret' })
    const mine = { user_id: cloud.userId('demo'), project_id: cloud.projectId('demo'), type: 'ec2', blob }
    const made = await demo.post(`${v3}/credentials`, { credential: mine })
    expect([made.status, made.body.credential.blob]).toEqual([201, blob])
    const path = `${v3}/credentials/${made.body.credential.id}`
    const row = await cloud.ctx.db
      .selectFrom('keystone_credentials')
      .selectAll()
      .where('id', '=', made.body.credential.id)
      .executeTakeFirstOrThrow()
    expect(row.sealed_blob.toString('latin1')).not.toContain('deep secret')
    expect((await demo.get(path)).body.credential).toEqual(made.body.credential)
    expect((await cloud.as('alt_demo').get(path)).status).toBe(403)
    expect((await cloud.as('alt_demo').get(`${v3}/credentials`)).body.credentials).toEqual([])
    expect((await demo.get(`${v3}/credentials`)).body.credentials).toHaveLength(1)
    expect((await demo.get(`${v3}/credentials?user_id=${cloud.userId('admin')}`)).body.credentials).toEqual([])
    expect((await demo.post(`${v3}/credentials`, { credential: mine })).status).toBe(409)
    expect((await demo.post(`${v3}/credentials`, { credential: { ...mine, user_id: cloud.userId('admin') } })).status).toBe(403)
    expect((await demo.post(`${v3}/credentials`, { credential: { ...mine, blob: 'no json' } })).status).toBe(400)
    expect((await demo.patch(path, { credential: { blob: 'no json' } })).status).toBe(400)
    const other = { blob: '{"access":"key-1","secret":"other"}', type: 'cert' }
    expect((await demo.patch(path, { credential: other })).body.credential).toMatchObject(other)
    expect((await demo.delete(path)).status).toBe(204)
    expect((await cloud.as('admin').get(path)).status).toBe(404)
  })
})

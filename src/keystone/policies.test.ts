import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../test/helpers/a-cloud.ts'
import type { Client, Reply } from '../../test/helpers/client.ts'

const v3 = '/identity/v3'
const statusOf = async (reply: Promise<Reply>) => (await reply).status
const named = (rows: readonly { name: string }[]) => rows.map((row) => row.name).toSorted()

describe.each(databases)('who may do what in keystone, on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const made = async (kind: string, fields: object) => (await admin().post(`${v3}/${kind}s`, { [kind]: fields })).body[kind].id as string
  let [county, hall, serf, guild, roles] = ['', '', '', '', {} as Record<string, string>]

  /** Somebody with a role on the domain or the project at this path, and a token for it. */
  async function somebody(name: string, role: string, { at, scope }: { at: string; scope: object }): Promise<Client & { id: string }> {
    const id = await made('user', { name, domain_id: county, password: 'pw' })
    expect(await statusOf(admin().put(`${v3}/${at}/users/${id}/roles/${roles[role]}`))).toBe(204)
    const auth = { identity: { methods: ['password'], password: { user: { id, password: 'pw' } } }, scope }
    const { headers } = await cloud.anonymous.post(`${v3}/auth/tokens`, { auth })
    return { ...cloud.withToken(headers.get('x-subject-token')!), id }
  }
  const inCounty = (name: string, role: string) => somebody(name, role, { at: `domains/${county}`, scope: { domain: { id: county } } })
  const inHall = (name: string, role: string) => somebody(name, role, { at: `projects/${hall}`, scope: { project: { id: hall } } })

  beforeAll(async () => {
    county = await made('domain', { name: 'county' })
    hall = await made('project', { name: 'hall', domain_id: county })
    serf = await made('user', { name: 'serf', domain_id: county })
    guild = await made('group', { name: 'guild', domain_id: county })
    await made('group', { name: 'far' })
    await made('role', { name: 'stack_user' })
    roles = Object.fromEntries((await admin().get(`${v3}/roles`)).body.roles.map((role: any) => [role.name, role.id]))
  })

  test.each(['manager', 'admin'])("a domain's %s rules what is in it, and nothing outside", async (role) => {
    const boss = await inCounty(`boss ${role}`, role)
    for (const kind of ['user', 'group', 'project']) {
      const own = await boss.post(`${v3}/${kind}s`, { [kind]: { name: `new ${role}` } })
      expect([own.status, own.body[kind].domain_id]).toEqual([201, county])
      const path = `${v3}/${kind}s/${own.body[kind].id}`
      expect(await statusOf(boss.patch(path, { [kind]: { description: 'mine' } }))).toBe(200)
      expect(await statusOf(boss.delete(path))).toBe(204)
      expect(await statusOf(boss.post(`${v3}/${kind}s`, { [kind]: { name: 'x', domain_id: 'default' } }))).toBe(403)
    }
    const strangers = await made('group', { name: `strangers ${role}` })
    for (const [kind, id] of Object.entries({ user: cloud.userId('demo'), group: strangers, project: cloud.projectId('demo') })) {
      expect(await statusOf(boss.get(`${v3}/${kind}s/${id}`))).toBe(403)
      expect(await statusOf(boss.patch(`${v3}/${kind}s/${id}`, { [kind]: { description: 'mine' } }))).toBe(403)
      expect(await statusOf(boss.delete(`${v3}/${kind}s/${id}`))).toBe(403)
    }
    for (const [place, actor] of [
      [`projects/${cloud.projectId('demo')}`, serf],
      [`projects/${hall}`, cloud.userId('demo')],
      ['domains/default', serf],
      ['system', serf],
    ])
      expect(await statusOf(boss.put(`${v3}/${place}/users/${actor}/roles/${roles['reader']}`)), place).toBe(403)
    expect(await statusOf(boss.put(`${v3}/projects/${hall}/users/${serf}/roles/${roles['reader']}`))).toBe(204)
    expect(await statusOf(boss.delete(`${v3}/projects/${hall}/users/${serf}/roles/${roles['reader']}`))).toBe(204)
  })

  test.each(['manager', 'admin'])("a domain's %s brings nobody from outside into its groups, nor learns who is there", async (role) => {
    const boss = await inCounty(`host ${role}`, role)
    for (const stranger of [cloud.userId('demo'), 'nosuch']) {
      expect(await statusOf(boss.put(`${v3}/groups/${guild}/users/${stranger}`))).toBe(403)
      expect(await statusOf(boss.get(`${v3}/groups/${guild}/users/${stranger}`))).toBe(403)
      expect(await statusOf(boss.delete(`${v3}/groups/${guild}/users/${stranger}`))).toBe(403)
    }
    expect(await statusOf(boss.put(`${v3}/groups/${guild}/users/${serf}`))).toBe(204)
    expect(await statusOf(boss.get(`${v3}/groups/${guild}/users/${serf}`))).toBe(204)
    expect(await statusOf(boss.delete(`${v3}/groups/${guild}/users/${serf}`))).toBe(204)
  })

  test.each(['reader', 'manager', 'admin'])("lists show a domain's %s what is in the domain, whatever is asked for", async (role) => {
    const boss = await inCounty(`lister ${role}`, role)
    for (const [kind, foreign] of Object.entries({ users: 'demo', groups: 'far', projects: 'demo' })) {
      for (const query of ['', '?domain_id=default', `?name=${foreign}`]) {
        const rows = (await boss.get(`${v3}/${kind}${query}`)).body[kind]
        expect(rows.every((row: any) => row.domain_id === county)).toBe(true)
        expect(named(rows)).not.toContain(foreign)
      }
    }
    expect(named((await boss.get(`${v3}/domains`)).body.domains)).toEqual(['county'])
    for (const query of ['', `scope.project.id=${cloud.projectId('demo')}`, 'scope.domain.id=default', 'scope.system=all', 'effective']) {
      const { status, body } = await boss.get(`${v3}/role_assignments?${query}`)
      expect(status).toBe(200)
      for (const { scope } of body.role_assignments) expect([county, hall]).toContain((scope.domain ?? scope.project).id)
    }
    const tree = (project: string) => boss.get(`${v3}/role_assignments?include_subtree&scope.project.id=${project}`)
    expect([await statusOf(tree(hall)), await statusOf(tree(cloud.projectId('demo')))]).toEqual([200, 403])
  })

  test.each(['manager', 'admin'])("a domain's %s can not change the domain itself, under no name", async (role) => {
    const boss = await inCounty(`heir ${role}`, role)
    for (const kind of ['domain', 'project']) {
      expect(await statusOf(boss.patch(`${v3}/${kind}s/${county}`, { [kind]: { enabled: false } }))).toBe(403)
      expect(await statusOf(boss.delete(`${v3}/${kind}s/${county}`))).toBe(403)
    }
    expect(await statusOf(boss.put(`${v3}/projects/${county}/tags`, { tags: ['mine'] }))).toBe(403)
    expect(await statusOf(boss.put(`${v3}/projects/${county}/tags/mine`))).toBe(403)
    expect((await admin().get(`${v3}/domains/${county}`)).body.domain).toMatchObject({ enabled: true, tags: [] })
  })

  test('the manager of a domain gives no role above his own, to nobody and by no way', async () => {
    const boss = await inCounty('climber', 'manager')
    for (const role of ['admin', 'service', 'stack_user'])
      for (const at of [`projects/${hall}`, `domains/${county}`, `OS-INHERIT/domains/${county}`]) {
        const end = at.startsWith('OS-INHERIT') ? '/inherited_to_projects' : ''
        for (const actor of [`users/${boss.id}`, `users/${serf}`, `groups/${guild}`])
          expect(await statusOf(boss.put(`${v3}/${at}/${actor}/roles/${roles[role]}${end}`)), `${role} at ${at}`).toBe(403)
      }
    expect(await statusOf(boss.put(`${v3}/roles/${roles['manager']}/implies/${roles['service']}`))).toBe(403)
    expect(await statusOf(boss.post(`${v3}/roles`, { role: { name: 'mine' } }))).toBe(403)
    expect(await statusOf(boss.post(`${v3}/roles`, { role: { name: 'mine', domain_id: county } }))).toBe(403)
    const elsewhere = await made('role', { name: 'manager', domain_id: await made('domain', { name: 'far away' }) })
    expect(await statusOf(boss.put(`${v3}/projects/${hall}/users/${boss.id}/roles/${elsewhere}`))).toBe(403)
    const held = (await admin().get(`${v3}/role_assignments?user.id=${boss.id}&effective&include_names`)).body.role_assignments
    expect(named(held.map((one: any) => one.role))).toEqual(['manager', 'member', 'reader'])
  })

  test('nor does he get at the roles of somebody who has more, by a password, a group or a removal', async () => {
    const boss = await inCounty('schemer', 'manager')
    const mighty = await inHall('mighty', 'admin')
    const chiefs = await made('group', { name: 'chiefs', domain_id: county })
    await admin().put(`${v3}/projects/${hall}/groups/${chiefs}/roles/${roles['admin']}`)
    const chief = await made('user', { name: 'chief', domain_id: county, password: 'pw' })
    await admin().put(`${v3}/groups/${chiefs}/users/${chief}`)
    const seer = await made('user', { name: 'seer', domain_id: county })
    await admin().put(`${v3}/system/users/${seer}/roles/${roles['reader']}`)
    for (const id of [mighty.id, chief, seer]) {
      expect(await statusOf(boss.patch(`${v3}/users/${id}`, { user: { password: 'mine' } }))).toBe(403)
      expect(await statusOf(boss.delete(`${v3}/users/${id}`))).toBe(403)
      expect(await statusOf(boss.get(`${v3}/users/${id}`))).toBe(200)
    }
    expect(await statusOf(boss.put(`${v3}/groups/${chiefs}/users/${boss.id}`))).toBe(403)
    expect(await statusOf(boss.delete(`${v3}/groups/${chiefs}/users/${chief}`))).toBe(403)
    expect(await statusOf(boss.delete(`${v3}/groups/${chiefs}`))).toBe(403)
    expect(await statusOf(admin().patch(`${v3}/users/${mighty.id}`, { user: { password: 'reset' } }))).toBe(200)
  })

  test('an admin on a domain gives every role in it, and keeps the credentials of its users', async () => {
    const boss = await inCounty('count', 'admin')
    for (const role of ['stack_user', 'admin']) {
      expect(await statusOf(boss.put(`${v3}/projects/${hall}/users/${serf}/roles/${roles[role]}`))).toBe(204)
      expect(await statusOf(boss.patch(`${v3}/users/${serf}`, { user: { description: role } }))).toBe(200)
      expect(await statusOf(boss.delete(`${v3}/projects/${hall}/users/${serf}/roles/${roles[role]}`))).toBe(204)
    }
    const keep = (user_id: string) => boss.post(`${v3}/credentials`, { credential: { type: 'cert', blob: 'x', user_id } })
    const { status, body } = await keep(serf)
    expect([status, await statusOf(keep(cloud.userId('demo')))]).toEqual([201, 403])
    expect((await boss.get(`${v3}/credentials?user_id=${serf}`)).body.credentials).toHaveLength(1)
    const path = `${v3}/credentials/${body.credential.id}`
    expect(await statusOf(boss.patch(path, { credential: { user_id: cloud.userId('demo') } }))).toBe(403)
    const manager = await inCounty('steward', 'manager')
    expect((await manager.get(`${v3}/credentials?user_id=${serf}`)).body.credentials).toEqual([])
    expect(await statusOf(manager.delete(path))).toBe(403)
    expect(await statusOf(boss.delete(path))).toBe(204)
  })

  test('nor does an admin on a domain get at the credentials of a user of it who may do more than he', async () => {
    const boss = await inCounty('viscount', 'admin')
    const lord = await made('user', { name: 'lord', domain_id: county })
    const keep = (type: string) => ({ credential: { type, blob: '{"access": "lord"}', user_id: lord, project_id: hall } })
    const before = await boss.post(`${v3}/credentials`, keep('totp'))
    await admin().put(`${v3}/system/users/${lord}/roles/${roles['admin']}`)
    const path = `${v3}/credentials/${before.body.credential.id}`
    const own = (await boss.post(`${v3}/credentials`, { credential: { ...keep('cert').credential, user_id: serf } })).body.credential.id
    for (const refused of [
      ...['totp', 'ec2'].map((type) => boss.post(`${v3}/credentials`, keep(type))),
      boss.get(path),
      boss.patch(path, { credential: { blob: 'mine' } }),
      boss.patch(`${v3}/credentials/${own}`, { credential: { user_id: lord } }),
      boss.delete(path),
    ])
      expect(await statusOf(refused)).toBe(403)
    expect((await boss.get(`${v3}/credentials?user_id=${lord}`)).body.credentials).toEqual([])
    expect((await admin().get(`${v3}/credentials?user_id=${lord}`)).body.credentials).toHaveLength(1)
  })

  test('an admin on a domain is none of the cloud, in no service', async () => {
    const boss = await inCounty('pretender', 'admin')
    const image = (await cloud.as('demo').post('/image/v2/images', { name: 'private', visibility: 'private' })).body.id
    for (const [path, body] of Object.entries({
      domains: { domain: { name: 'x' } },
      roles: { role: { name: 'x' } },
      services: { service: { type: 'x' } },
      regions: { region: { id: 'x' } },
      policies: { policy: { type: 'x', blob: 'x' } },
      registered_limits: { registered_limits: [{ service_id: 'x', resource_name: 'x', default_limit: 1 }] },
    }))
      expect(await statusOf(boss.post(`${v3}/${path}`, body)), path).toBe(403)
    expect(await statusOf(boss.get(`${v3}/domains/default/config`))).toBe(403)
    expect(await statusOf(boss.get('/placement/resource_providers'))).toBe(403)
    expect(await statusOf(boss.get(`/image/v2/images/${image}`))).toBe(403)
    expect(await statusOf(boss.get('/compute/v2.1/os-services'))).toBe(403)
  })

  test('roles are listed by admins, readers of the system and managers of domains', async () => {
    const role = await made('role', { name: 'local', domain_id: county })
    const [manager, domainReader, foreman] = [
      await inCounty('registrar', 'manager'),
      await inCounty('clerk', 'reader'),
      await inHall('foreman', 'manager'),
    ]
    const seen = async (client: Client) => [await statusOf(client.get(`${v3}/roles`)), await statusOf(client.get(`${v3}/roles/${role}`))]
    expect(await seen(admin())).toEqual([200, 200])
    expect(await seen(cloud.as('system_reader'))).toEqual([200, 200])
    expect(await seen(manager)).toEqual([200, 403])
    expect(await statusOf(manager.get(`${v3}/roles/${roles['member']}`))).toBe(200)
    expect(await statusOf(manager.get(`${v3}/roles?domain_id=${county}`))).toBe(403)
    for (const client of [domainReader, foreman, cloud.as('demo')]) expect(await seen(client)).toEqual([403, 403])
  })

  test('a service looks at tokens and signatures, and does nothing else that an admin does', async () => {
    const service = cloud.as('nova')
    const token = {
      'x-subject-token': (await cloud.anonymous.post(`${v3}/auth/tokens`, demoLogin(cloud.userId('demo')))).headers.get('x-subject-token')!,
    }
    expect(await statusOf(service.get(`${v3}/auth/tokens`, token))).toBe(200)
    expect((await service.request('HEAD', `${v3}/auth/tokens`, { headers: token })).status).toBe(403)
    expect((await admin().request('HEAD', `${v3}/auth/tokens`, { headers: token })).status).toBe(200)
    expect((await cloud.as('demo').request('HEAD', `${v3}/auth/tokens`, { headers: token })).status).toBe(200)
    expect(await statusOf(service.delete(`${v3}/auth/tokens`, token))).toBe(403)
    expect(await statusOf(service.get(`${v3}/OS-REVOKE/events`))).toBe(200)
    for (const path of ['users', 'projects', 'roles', 'role_assignments', 'services', 'endpoints'])
      expect(await statusOf(service.get(`${v3}/${path}`)), path).toBe(403)
  })

  test('a reader makes no credentials for EC2, and no admin but one of the system sees what others allow their programs', async () => {
    const path = (user: 'demo' | 'demo_reader', what: string) => `${v3}/users/${cloud.userId(user)}/${what}`
    const tenant_id = cloud.projectId('demo')
    expect(await statusOf(cloud.as('demo_reader').post(path('demo_reader', 'credentials/OS-EC2'), { tenant_id }))).toBe(403)
    const { body } = await cloud.as('demo').post(path('demo', 'credentials/OS-EC2'), { tenant_id })
    expect(await statusOf(cloud.as('demo').delete(`${path('demo', 'credentials/OS-EC2')}/${body.credential.access}`))).toBe(204)
    const rules = path('demo', 'access_rules')
    expect(await statusOf(admin().get(rules))).toBe(403)
    for (const user of ['demo', 'system_reader', 'system_admin'] as const) expect(await statusOf(cloud.as(user).get(rules))).toBe(200)
    expect(await statusOf(cloud.as('system_reader').delete(`${rules}/nosuch`))).toBe(403)
    expect(await statusOf(cloud.as('system_admin').delete(`${rules}/nosuch`))).toBe(404)
  })

  test("a domain's users see the limits of the domain and of its projects", async () => {
    const service_id = (await admin().get(`${v3}/services?type=compute`)).body.services[0].id
    const of = { service_id, resource_name: 'policed' }
    await admin().post(`${v3}/registered_limits`, { registered_limits: [{ ...of, default_limit: 10 }] })
    const owners = [{ domain_id: county }, { project_id: hall }, { domain_id: 'default' }, { project_id: cloud.projectId('demo') }]
    const set = await admin().post(`${v3}/limits`, { limits: owners.map((owner, at) => ({ ...of, ...owner, resource_limit: at })) })
    const seen = async (client: Client, query = '') => {
      const { limits } = (await client.get(`${v3}/limits?resource_name=policed${query}`)).body
      return limits.map((limit: any) => limit.resource_limit).toSorted()
    }
    for (const role of ['reader', 'stack_user', 'admin']) {
      const own = await inCounty(`counter ${role}`, role)
      expect(await seen(own)).toEqual([0, 1])
      expect([await seen(own, `&project_id=${hall}`), await seen(own, '&domain_id=default')]).toEqual([[1], []])
      const shown = await Promise.all(set.body.limits.map((limit: any) => statusOf(own.get(`${v3}/limits/${limit.id}`))))
      expect(shown).toEqual([200, 200, 403, 403])
    }
    expect(await seen(await inHall('porter', 'reader'))).toEqual([1])
  })
})

const demoLogin = (id: string) => ({
  auth: {
    identity: { methods: ['password'], password: { user: { id, password: 'secret of demo' } } },
  },
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const v3 = '/identity/v3'
const names = (rows: { name: string }[]) => rows.map((row) => row.name).toSorted()

describe.each(databases)('roles on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const roleId = async (name: string) => (await admin().get(`${v3}/roles?name=${name}`)).body.roles[0].id as string
  const make = async (kind: string, body: object) => (await admin().post(`${v3}/${kind}s`, { [kind]: body })).body[kind]
  const tokenRoles = async (userId: string, scope: object) => {
    const auth = { identity: { methods: ['password'], password: { user: { id: userId, password: 'pw' } } }, scope }
    const { status, body } = await cloud.anonymous.post(`${v3}/auth/tokens`, { auth })
    return status === 201 ? names(body.token.roles) : status
  }

  test('roles are made, shown, changed and removed', async () => {
    const made = await admin().post(`${v3}/roles`, { role: { name: 'cook', description: 'hot' } })
    const role = made.body.role
    expect([made.status, role]).toEqual([
      201,
      {
        id: expect.any(String),
        name: 'cook',
        domain_id: null,
        description: 'hot',
        options: {},
        links: { self: `${cloud.url}${v3}/roles/${role.id}` },
      },
    ])
    expect((await admin().get(`${v3}/roles/${role.id}`)).body.role).toEqual(role)
    expect((await admin().patch(`${v3}/roles/${role.id}`, { role: { name: 'chef' } })).body.role.name).toBe('chef')
    expect((await admin().post(`${v3}/roles`, { role: { name: 'chef' } })).status).toBe(409)
    expect((await admin().delete(`${v3}/roles/${role.id}`)).status).toBe(204)
    expect((await admin().get(`${v3}/roles/member`)).body.error.message).toBe('Could not find role: member.')
    expect(names((await admin().get(`${v3}/roles`)).body.roles)).toEqual(['admin', 'manager', 'member', 'reader', 'service'])
    const immutable = await admin().delete(`${v3}/roles/${await roleId('member')}`)
    expect([immutable.status, immutable.body.error.code]).toEqual([403, 403])
    expect((await cloud.as('demo').get(`${v3}/roles`)).status).toBe(403)
  })

  test('a role brings the roles that it implies', async () => {
    const [boss, clerk] = [await make('role', { name: 'boss' }), await make('role', { name: 'clerk' })]
    const user = await make('user', { name: 'promoted', password: 'pw' })
    await admin().put(`${v3}/projects/${cloud.projectId('demo')}/users/${user.id}/roles/${boss.id}`)
    const scope = { project: { id: cloud.projectId('demo') } }
    expect(await tokenRoles(user.id, scope)).toEqual(['boss'])
    const path = `${v3}/roles/${boss.id}/implies/${clerk.id}`
    expect((await admin().get(path)).status).toBe(404)
    const made = await admin().put(path)
    expect([made.status, made.body.role_inference.prior_role.name, made.body.role_inference.implies.name]).toEqual([201, 'boss', 'clerk'])
    // Roles may imply each other in a ring.
    await admin().put(`${v3}/roles/${clerk.id}/implies/${boss.id}`)
    await admin().put(`${v3}/roles/${clerk.id}/implies/${await roleId('reader')}`)
    expect(await tokenRoles(user.id, scope)).toEqual(['boss', 'clerk', 'reader'])
    expect((await admin().request('HEAD', path)).status).toBe(204)
    expect((await admin().get(path)).body).toEqual(made.body)
    expect(names((await admin().get(`${v3}/roles/${clerk.id}/implies`)).body.role_inference.implies)).toEqual(['boss', 'reader'])
    const all = (await admin().get(`${v3}/role_inferences`)).body.role_inferences
    expect(all.find((one: any) => one.prior_role.name === 'manager').implies.map((role: any) => role.name)).toEqual(['member'])
    expect((await admin().put(`${v3}/roles/${boss.id}/implies/${await roleId('admin')}`)).status).toBe(403)
    expect((await admin().put(`${v3}/roles/${boss.id}/implies/nosuch`)).status).toBe(404)
    expect((await admin().delete(path)).status).toBe(204)
    expect((await admin().delete(path)).status).toBe(404)
    expect(await tokenRoles(user.id, scope)).toEqual(['boss'])
  })

  test.each(['project', 'domain', 'system'] as const)('users and groups get and lose roles on a %s', async (kind) => {
    const user = await make('user', { name: `worker-${kind}`, password: 'pw' })
    const group = await make('group', { name: `workers-${kind}` })
    const reader = await roleId('reader')
    const at = { project: `projects/${cloud.projectId('demo')}`, domain: 'domains/default', system: 'system' }[kind]
    for (const actor of [`users/${user.id}`, `groups/${group.id}`]) {
      const base = `${v3}/${at}/${actor}/roles`
      expect((await admin().get(base)).body.roles).toEqual([])
      const missing = await admin().get(`${base}/${reader}`)
      expect(missing.status).toBe(404)
      expect(missing.body.error.message).toMatch(
        /^Could not find role assignment with role: \w+, user or group: \w+, project, domain, or system: \w+\.$/,
      )
      expect((await admin().put(`${base}/${reader}`)).status).toBe(204)
      expect((await admin().put(`${base}/${reader}`)).status).toBe(204)
      expect((await admin().get(`${base}/${reader}`)).status).toBe(204)
      expect((await admin().request('HEAD', `${base}/${reader}`)).status).toBe(204)
      expect(names((await admin().get(base)).body.roles)).toEqual(['reader'])
      expect((await admin().delete(`${base}/${reader}`)).status).toBe(204)
      expect((await admin().delete(`${base}/${reader}`)).status).toBe(404)
      expect((await admin().put(`${base}/nosuch`)).body.error.message).toBe('Could not find role: nosuch.')
      expect((await cloud.as('demo').put(`${base}/${reader}`)).status).toBe(403)
    }
    expect((await admin().put(`${v3}/${at}/users/nosuch/roles/${reader}`)).body.error.message).toBe('Could not find user: nosuch.')
    expect((await admin().put(`${v3}/projects/nosuch/users/${user.id}/roles/${reader}`)).body.error.message).toBe(
      'Could not find project: nosuch.',
    )
  })

  test('inherited roles hold below their place and not on it', async () => {
    const user = await make('user', { name: 'heir', password: 'pw' })
    const domain = await make('domain', { name: 'estate' })
    const top = await make('project', { name: 'house', domain_id: domain.id })
    const sub = await make('project', { name: 'room', parent_id: top.id })
    const [member, reader] = [await roleId('member'), await roleId('reader')]
    const onDomain = `${v3}/OS-INHERIT/domains/${domain.id}/users/${user.id}/roles`
    expect((await admin().put(`${onDomain}/${reader}/inherited_to_projects`)).status).toBe(204)
    expect(names((await admin().get(`${onDomain}/inherited_to_projects`)).body.roles)).toEqual(['reader'])
    const onTop = `${v3}/OS-INHERIT/projects/${top.id}/users/${user.id}/roles/${member}/inherited_to_projects`
    expect((await admin().put(onTop)).status).toBe(204)
    expect((await admin().get(onTop)).status).toBe(204)
    expect(await tokenRoles(user.id, { domain: { id: domain.id } })).toBe(401)
    expect(await tokenRoles(user.id, { project: { id: top.id } })).toEqual(['reader'])
    expect(await tokenRoles(user.id, { project: { id: sub.id } })).toEqual(['member', 'reader'])
    const late = await make('project', { name: 'attic', parent_id: sub.id })
    expect(await tokenRoles(user.id, { project: { id: late.id } })).toEqual(['member', 'reader'])
    expect(names((await admin().get(`${v3}/users/${user.id}/projects`)).body.projects)).toEqual(['attic', 'house', 'room'])
    expect((await admin().delete(onTop)).status).toBe(204)
    expect(await tokenRoles(user.id, { project: { id: sub.id } })).toEqual(['reader'])
  })

  test('a role of a domain is good inside of it, and only for what it implies', async () => {
    const domain = await make('domain', { name: 'guild' })
    const project = await make('project', { name: 'works', domain_id: domain.id })
    const user = await make('user', { name: 'smith', domain_id: domain.id, password: 'pw' })
    const role = await make('role', { name: 'master', domain_id: domain.id })
    expect(names((await admin().get(`${v3}/roles?domain_id=${domain.id}`)).body.roles)).toEqual(['master'])
    const elsewhere = await admin().put(`${v3}/projects/${cloud.projectId('demo')}/users/${user.id}/roles/${role.id}`)
    expect(elsewhere.status).toBe(403)
    expect((await admin().put(`${v3}/projects/${project.id}/users/${user.id}/roles/${role.id}`)).status).toBe(204)
    expect(await tokenRoles(user.id, { project: { id: project.id } })).toBe(401)
    // By way of a role of another domain, too; one for all domains brings none of a domain.
    const far = await make('role', { name: 'journeyman', domain_id: (await make('domain', { name: 'far' })).id })
    const implies = async (prior: string, implied: string) => (await admin().put(`${v3}/roles/${prior}/implies/${implied}`)).status
    expect(await implies(role.id, far.id)).toBe(201)
    expect(await implies(far.id, await roleId('member'))).toBe(201)
    expect(await implies(await roleId('member'), role.id)).toBe(403)
    expect(await tokenRoles(user.id, { project: { id: project.id } })).toEqual(['member', 'reader'])
  })

  test('assignments are listed as given, with links and names', async () => {
    const list = async (query: string) => (await admin().get(`${v3}/role_assignments?${query}`)).body.role_assignments
    const [demo, member] = [cloud.projectId('demo'), await roleId('member')]
    const given = await list(`user.id=${cloud.userId('demo')}&scope.project.id=${demo}`)
    expect(given).toEqual([
      {
        links: { assignment: `${cloud.url}${v3}/projects/${demo}/users/${cloud.userId('demo')}/roles/${member}` },
        scope: { project: { id: demo } },
        user: { id: cloud.userId('demo') },
        role: { id: member },
      },
    ])
    const [named] = await list(`user.id=${cloud.userId('demo')}&scope.project.id=${demo}&include_names=True`)
    expect([named.user, named.role.name, named.scope.project]).toEqual([
      { id: cloud.userId('demo'), name: 'demo', domain: { id: 'default', name: 'Default' } },
      'member',
      { id: demo, name: 'demo', domain: { id: 'default', name: 'Default' } },
    ])
    const system = await list('scope.system=all')
    expect(system.map((one: any) => one.user.id).toSorted()).toEqual(
      [cloud.userId('admin'), cloud.userId('system_admin'), cloud.userId('system_member'), cloud.userId('system_reader')].toSorted(),
    )
    expect(system[0].scope).toEqual({ system: { all: true } })
    expect((await list(`role.id=${await roleId('service')}`)).length).toBe(4)
  })

  test('effective assignments spell out groups, inheritance and implied roles', async () => {
    const user = await make('user', { name: 'effective' })
    const group = await make('group', { name: 'effectives' })
    const top = await make('project', { name: 'eff-top' })
    const sub = await make('project', { name: 'eff-sub', parent_id: top.id })
    await admin().put(`${v3}/groups/${group.id}/users/${user.id}`)
    const member = await roleId('member')
    const grant = `projects/${top.id}/groups/${group.id}/roles/${member}`
    await admin().put(`${v3}/OS-INHERIT/${grant}/inherited_to_projects`)
    const list = async (query: string) => (await admin().get(`${v3}/role_assignments?${query}`)).body.role_assignments
    const given = await list(`group.id=${group.id}`)
    expect(given[0].scope).toEqual({ project: { id: top.id }, 'OS-INHERIT:inherited_to': 'projects' })
    expect(given[0].links.assignment).toBe(`${cloud.url}${v3}/OS-INHERIT/${grant}/inherited_to_projects`)
    const effective = await list(`user.id=${user.id}&effective&include_names`)
    expect(effective.map((one: any) => [one.user.name, one.scope.project.name, one.role.name]).toSorted()).toEqual([
      ['effective', 'eff-sub', 'member'],
      ['effective', 'eff-sub', 'reader'],
    ])
    const implied = effective.find((one: any) => one.role.name === 'reader')
    expect(implied.links.membership).toBe(`${cloud.url}${v3}/groups/${group.id}/users/${user.id}`)
    expect(implied.links.prior_role).toBe(`${cloud.url}${v3}/roles/${member}`)
    expect(await list(`user.id=${user.id}&scope.project.id=${top.id}&effective`)).toEqual([])
    expect(await list(`user.id=${user.id}&scope.project.id=${sub.id}&effective&role.id=${member}`)).toHaveLength(1)
    expect(await list(`scope.project.id=${top.id}&include_subtree=true&effective`)).toHaveLength(2)
    expect(await list(`scope.OS-INHERIT:inherited_to=projects&scope.project.id=${top.id}`)).toHaveLength(1)
    expect(await list(`user.id=nosuch&effective`)).toEqual([])
  })

  test('questions about assignments that make no sense are refused', async () => {
    const cases = {
      'user.id=a&group.id=b': 'Specify a user or group, not both',
      'scope.project.id=a&scope.domain.id=b': 'Specify a domain or project, not both',
      'scope.system=all&scope.domain.id=b': 'Specify system or a domain or project, not both',
      'effective&group.id=b': 'Combining effective and group filter will always result in an empty list.',
      include_subtree: 'scope.project.id must be specified if include_subtree is also specified',
    }
    for (const [query, message] of Object.entries(cases)) {
      const { status, body } = await admin().get(`${v3}/role_assignments?${query}`)
      expect([status, body.error.message]).toEqual([400, message])
    }
    expect((await cloud.as('demo').get(`${v3}/role_assignments`)).status).toBe(403)
  })
})

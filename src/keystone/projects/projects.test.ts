import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const v3 = '/identity/v3'
const names = (rows: { name: string }[]) => rows.map((row) => row.name).toSorted()

describe.each(databases)('projects and domains on %s', (database) => {
  const cloud = useCloud(database)
  const create = async (project: object) => {
    const reply = await cloud.as('admin').post(`${v3}/projects`, { project })
    expect(reply.status).toBe(201)
    return reply.body.project
  }

  test('an admin makes, shows, changes and removes a project', async () => {
    const admin = cloud.as('admin')
    const project = await create({ name: 'p1', enabled: true, options: {}, tags: [], color: 'blue' })
    expect(project).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'p1',
      domain_id: 'default',
      parent_id: 'default',
      is_domain: false,
      description: '',
      enabled: true,
      options: {},
      tags: [],
      color: 'blue',
      links: { self: `${cloud.url}${v3}/projects/${project.id}` },
    })
    const changed = await admin.patch(`${v3}/projects/${project.id}`, { project: { description: 'new', color: 'red', enabled: false } })
    expect(changed.body.project).toEqual({ ...project, description: 'new', color: 'red', enabled: false })
    expect((await admin.get(`${v3}/projects/${project.id}`)).body.project).toEqual(changed.body.project)
    expect((await admin.delete(`${v3}/projects/${project.id}`)).status).toBe(204)
    expect((await admin.get(`${v3}/projects/${project.id}`)).body.error.message).toBe(`Could not find project: ${project.id}.`)
  })

  test('a name is there once in a domain, and many times in many', async () => {
    const admin = cloud.as('admin')
    const twice = await admin.post(`${v3}/projects`, { project: { name: 'admin', domain_id: 'default' } })
    const why = 'it is not permitted to have two projects with either the same name or same id in the same domain'
    expect([twice.status, twice.body.error.message]).toEqual([
      409,
      `Conflict occurred attempting to store project - ${why}: name is admin, project id ${cloud.projectId('admin')}.`,
    ])
    const other = (await admin.post(`${v3}/domains`, { domain: { name: 'elsewhere' } })).body.domain
    expect((await create({ name: 'admin', domain_id: other.id })).domain_id).toBe(other.id)
    const replies = await Promise.all(Array.from({ length: 4 }, () => admin.post(`${v3}/projects`, { project: { name: 'rush' } })))
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    const project = await create({ name: 'tame' })
    expect((await admin.patch(`${v3}/projects/${project.id}`, { project: { name: 'rush' } })).status).toBe(409)
  })

  test('bad projects are refused', async () => {
    const cases: [object, number, string][] = [
      [{ nme: 'x' }, 400, "'name' is a required property"],
      [{ name: ' ' }, 400, "Invalid input for field 'name': ' ' does not match '[\\\\S]+'"],
      [{ name: 'x'.repeat(65) }, 400, `Invalid input for field 'name': '${'x'.repeat(65)}' is too long`],
      [{ name: 'x', domain_id: 'nosuch' }, 404, 'Could not find domain: nosuch.'],
      [{ name: 'x', parent_id: 'nosuch' }, 404, 'Could not find project: nosuch.'],
      [{ name: 'x', tags: ['a,b'] }, 400, "Invalid input for field 'tags/0': 'a,b' does not match '^[^,/]*$'"],
      [
        { name: 'x', options: { other: 1 } },
        400,
        "Invalid input for field 'options': Additional properties are not allowed ('other' was unexpected)",
      ],
    ]
    for (const [project, status, message] of cases) {
      const reply = await cloud.as('admin').post(`${v3}/projects`, { project })
      expect([reply.status, reply.body.error.message]).toEqual([status, message])
    }
  })

  test('projects lie in each other, up to a depth, and show their tree', async () => {
    const admin = cloud.as('admin')
    const top = await create({ name: 'top' })
    const left = await create({ name: 'left', parent_id: top.id })
    const right = await create({ name: 'right', parent_id: top.id })
    const leaf = await create({ name: 'leaf', parent_id: left.id })
    expect([leaf.domain_id, leaf.parent_id]).toEqual(['default', left.id])
    const tree = async (id: string, query: string) => (await admin.get(`${v3}/projects/${id}?${query}`)).body.project
    expect((await tree(leaf.id, 'parents_as_ids')).parents).toEqual({ [left.id]: { [top.id]: null } })
    expect((await tree(top.id, 'subtree_as_ids')).subtree).toEqual({ [left.id]: { [leaf.id]: null }, [right.id]: null })
    expect((await tree(leaf.id, 'parents_as_list')).parents.map((one: any) => one.project.name)).toEqual(['left', 'top'])
    expect(names((await tree(top.id, 'subtree_as_list')).subtree.map((one: any) => one.project))).toEqual(['leaf', 'left', 'right'])
    expect((await admin.get(`${v3}/projects/${top.id}?subtree_as_ids&subtree_as_list`)).status).toBe(400)
    expect(names((await admin.get(`${v3}/projects?parent_id=${top.id}`)).body.projects)).toEqual(['left', 'right'])
    const deepest = await create({ name: 'deepest', parent_id: leaf.id })
    expect((await admin.post(`${v3}/projects`, { project: { name: 'too-deep', parent_id: deepest.id } })).status).toBe(403)
    expect((await admin.delete(`${v3}/projects/${left.id}`)).body.error.message).toContain('not a leaf in the hierarchy')
    expect((await admin.patch(`${v3}/projects/${top.id}`, { project: { enabled: false } })).status).toBe(403)
    expect((await admin.patch(`${v3}/projects/${left.id}`, { project: { parent_id: right.id } })).status).toBe(403)
    expect((await admin.patch(`${v3}/projects/${left.id}`, { project: { domain_id: 'x' } })).status).toBe(400)
  })

  test('tags mark projects, and lists find them by tags', async () => {
    const admin = cloud.as('admin')
    const { id } = await create({ name: 'tagged', tags: ['blue', 'big'] })
    await create({ name: 'half-tagged', tags: ['blue'] })
    const tags = `${v3}/projects/${id}/tags`
    expect((await admin.get(tags)).body.tags).toEqual(['big', 'blue'])
    expect((await admin.put(`${tags}/old`)).status).toBe(201)
    expect((await admin.get(`${tags}/old`)).status).toBe(204)
    expect((await admin.delete(`${tags}/old`)).status).toBe(204)
    expect((await admin.get(`${tags}/old`)).status).toBe(404)
    const found = async (query: string) =>
      names((await admin.get(`${v3}/projects?${query}`)).body.projects).filter((name) => name.endsWith('tagged'))
    expect(await found('tags=blue,big')).toEqual(['tagged'])
    expect(await found('tags-any=blue,big')).toEqual(['half-tagged', 'tagged'])
    expect(await found('not-tags=blue,big')).toEqual(['half-tagged'])
    expect(await found('not-tags-any=big')).toEqual(['half-tagged'])
    expect((await admin.put(tags, { tags: ['one', 'two'] })).body.tags).toEqual(['one', 'two'])
    expect((await admin.put(tags, { tags: ['one', 'one'] })).status).toBe(400)
    expect((await admin.delete(tags)).status).toBe(204)
    expect((await admin.get(tags)).body.tags).toEqual([])
  })

  test('members see their own project and no other', async () => {
    const demo = cloud.as('demo')
    expect((await demo.get(`${v3}/projects/${cloud.projectId('demo')}`)).body.project.name).toBe('demo')
    expect((await demo.get(`${v3}/projects/${cloud.projectId('admin')}`)).status).toBe(403)
    expect((await demo.get(`${v3}/projects`)).body.error.message).toBe(
      'You are not authorized to perform the requested action: identity:list_projects.',
    )
    expect((await demo.post(`${v3}/projects`, { project: { name: 'x' } })).status).toBe(403)
    const own = await demo.get(`${v3}/users/${cloud.userId('demo')}/projects`)
    expect(names(own.body.projects)).toEqual(['demo', 'invisible_to_admin'])
    expect((await demo.get(`${v3}/users/${cloud.userId('admin')}/projects`)).status).toBe(403)
  })

  test('what is immutable stays until it is made mutable', async () => {
    const admin = cloud.as('admin')
    const { id } = await create({ name: 'rock', options: { immutable: true } })
    const path = `${v3}/projects/${id}`
    const refused = await admin.delete(path)
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      `Unable to delete immutable project resource: \`${id}. Set resource option "immutable" to false first.`,
    ])
    expect((await admin.patch(path, { project: { name: 'sand' } })).status).toBe(403)
    expect((await admin.patch(path, { project: { options: { immutable: false } } })).body.project.options).toEqual({ immutable: false })
    expect((await admin.delete(path)).status).toBe(204)
  })

  test('a domain must be disabled before it goes, and takes everything with it', async () => {
    const admin = cloud.as('admin')
    const made = await admin.post(`${v3}/domains`, { domain: { name: 'acme', description: 'roadrunners' } })
    const domain = made.body.domain
    expect([made.status, domain]).toEqual([
      201,
      {
        id: expect.any(String),
        name: 'acme',
        description: 'roadrunners',
        enabled: true,
        options: {},
        tags: [],
        links: { self: `${cloud.url}${v3}/domains/${domain.id}` },
      },
    ])
    const project = await create({ name: 'inside', domain_id: domain.id })
    const below = await create({ name: 'deeper', parent_id: project.id })
    const user = (await admin.post(`${v3}/users`, { user: { name: 'coyote', domain_id: domain.id } })).body.user
    const group = (await admin.post(`${v3}/groups`, { group: { name: 'hunters', domain_id: domain.id } })).body.group
    const role = (await admin.post(`${v3}/roles`, { role: { name: 'hunter', domain_id: domain.id } })).body.role
    const enabled = await admin.delete(`${v3}/domains/${domain.id}`)
    expect([enabled.status, enabled.body.error.message]).toEqual([403, 'Cannot delete a domain that is enabled, please disable it first.'])
    expect((await admin.patch(`${v3}/domains/${domain.id}`, { domain: { enabled: false } })).body.domain.enabled).toBe(false)
    expect((await admin.delete(`${v3}/domains/${domain.id}`)).status).toBe(204)
    const gone = [
      `domains/${domain.id}`,
      `projects/${project.id}`,
      `projects/${below.id}`,
      `users/${user.id}`,
      `groups/${group.id}`,
      `roles/${role.id}`,
    ]
    for (const path of gone) expect((await admin.get(`${v3}/${path}`)).status).toBe(404)
    const left = await cloud.ctx.db.selectFrom('keystone_project_ancestors').selectAll().where('ancestor_id', '=', domain.id).execute()
    expect(left).toEqual([])
  })

  test('domains are listed, named once, and shown to their own', async () => {
    const admin = cloud.as('admin')
    expect((await admin.get(`${v3}/domains?name=Default`)).body.domains[0]).toMatchObject({
      id: 'default',
      name: 'Default',
      description: 'The default domain',
    })
    const twice = await admin.post(`${v3}/domains`, { domain: { name: 'Default' } })
    expect([twice.status, twice.body.error.message]).toEqual([
      409,
      'Conflict occurred attempting to store project - it is not permitted to have two projects acting as domains with the same name: Default.',
    ])
    expect((await cloud.as('demo').get(`${v3}/domains/default`)).body.domain.name).toBe('Default')
    expect((await cloud.as('demo').get(`${v3}/domains`)).status).toBe(403)
    expect((await admin.get(`${v3}/domains/${cloud.projectId('demo')}`)).body.error.message).toBe(
      `Could not find domain: ${cloud.projectId('demo')}.`,
    )
    expect((await admin.post(`${v3}/domains`, { domain: { name: '' } })).status).toBe(400)
    const acting = await create({ name: 'acting', is_domain: true })
    expect([acting.domain_id, acting.parent_id, acting.is_domain]).toEqual([null, null, true])
    expect((await admin.get(`${v3}/domains/${acting.id}`)).body.domain.name).toBe('acting')
    expect(names((await admin.get(`${v3}/projects?is_domain=true`)).body.projects)).toContain('acting')
    expect(names((await admin.get(`${v3}/projects`)).body.projects)).not.toContain('acting')
  })
})

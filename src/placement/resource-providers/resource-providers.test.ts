import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { at, placementOf } from '../test-client.ts'

describe.each(databases)('resource providers on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const placement = placementOf(() => cloud.as('admin'))

  test('the version document is there without a token', async () => {
    const { status, body, headers } = await cloud.anonymous.get('/placement/')
    expect(status).toBe(200)
    expect(body).toEqual({
      versions: [{ id: 'v1.0', max_version: '1.39', min_version: '1.0', status: 'CURRENT', links: [{ rel: 'self', href: '' }] }],
    })
    expect(headers.get('openstack-api-version')).toBe('placement 1.0')
  })

  test('an administrator makes, sees, renames and removes a provider', async () => {
    const name = `host ${cloud.ctx.ids.uuid()}`
    const made = await placement.post('/resource_providers', { name }, at('1.20'))
    expect(made.status).toBe(200)
    const { uuid } = made.body
    expect(made.headers.get('location')).toBe(`${cloud.url}/placement/resource_providers/${uuid}`)
    expect(made.headers.get('cache-control')).toBe('no-cache')
    expect(made.body).toEqual({
      uuid,
      name,
      generation: 0,
      parent_provider_uuid: null,
      root_provider_uuid: uuid,
      links: ['', '/inventories', '/usages', '/aggregates', '/traits', '/allocations'].map((rel) => ({
        rel: rel.slice(1) || 'self',
        href: `/placement/resource_providers/${uuid}${rel}`,
      })),
    })
    const renamed = await placement.put(`/resource_providers/${uuid}`, { name: `${name} b` }, at('1.39'))
    expect([renamed.status, renamed.body.name]).toEqual([200, `${name} b`])
    expect((await placement.delete(`/resource_providers/${uuid}`)).status).toBe(204)
    const gone = await placement.get(`/resource_providers/${uuid}`)
    expect(gone.status).toBe(404)
    expect(gone.body).toEqual({
      errors: [
        {
          status: 404,
          title: 'Not Found',
          detail: `The resource could not be found.\n\n No resource provider with uuid ${uuid} found  `,
          request_id: expect.stringMatching(/^req-/),
        },
      ],
    })
  })

  test('older versions show less, and later ones say how fresh it is', async () => {
    const { uuid } = await placement.provider()
    const old = await placement.get(`/resource_providers/${uuid}`)
    expect(old.body.links.map((link: { rel: string }) => link.rel)).toEqual(['self', 'inventories', 'usages'])
    expect(old.body).not.toHaveProperty('root_provider_uuid')
    expect(old.headers.get('last-modified')).toBeNull()
    const fresh = await placement.get(`/resource_providers/${uuid}`, at('1.15'))
    expect(fresh.headers.get('cache-control')).toBe('no-cache')
    expect(Date.parse(fresh.headers.get('last-modified')!)).toBeGreaterThan(0)
    const early = await placement.post('/resource_providers', { name: cloud.ctx.ids.uuid() })
    expect([early.status, early.body]).toEqual([201, ''])
  })

  test('versions that there are not are refused with those that there are', async () => {
    const unknown = await placement.get('/resource_providers', at('1.99'))
    expect(unknown.status).toBe(406)
    expect(unknown.body.errors[0]).toMatchObject({ status: 406, title: 'Not Acceptable', min_version: '1.0', max_version: '1.39' })
    expect(unknown.body.errors[0].detail).toContain('Invalid microversion: Unacceptable version header: 1.99')
    expect((await placement.get('/resource_providers', at('one'))).status).toBe(400)
    expect((await placement.get('/resource_providers', at('latest'))).headers.get('openstack-api-version')).toBe('placement 1.39')
    expect((await placement.get('/traits', at('1.5'))).status).toBe(404)
    expect((await placement.put('/traits', {}, at('1.6'))).status).toBe(405)
  })

  test('names and ids are taken once', async () => {
    const { uuid, name } = await placement.provider()
    const sameName = await placement.post('/resource_providers', { name }, at('1.23'))
    expect([sameName.status, sameName.body.errors[0].code]).toEqual([409, 'placement.duplicate_name'])
    expect((await placement.post('/resource_providers', { name: `${name} x`, uuid })).status).toBe(409)
    const other = await placement.provider()
    expect((await placement.put(`/resource_providers/${other.uuid}`, { name })).status).toBe(409)
  })

  test.each([
    ['no name', {}, "JSON does not validate: 'name' is a required property"],
    ['a long name', { name: 'x'.repeat(201) }, 'is too long'],
    ['an id that is none', { name: 'x', uuid: 'y' }, 'does not match'],
    ['a field that nobody knows', { name: 'x', size: 1 }, "Additional properties are not allowed ('size' was unexpected)"],
    ['a parent before there were parents', { name: 'x', parent_provider_uuid: null }, "('parent_provider_uuid' was unexpected)"],
  ])('%s is refused', async (_what, body, words) => {
    const reply = await placement.post('/resource_providers', body)
    expect(reply.status).toBe(400)
    expect(reply.body.errors[0].detail).toContain(words)
  })

  test('trees: children have a root, parents stay, and since 1.37 subtrees move but never in a ring', async () => {
    const root = await placement.provider()
    const child = await placement.provider({ parent_provider_uuid: root.uuid })
    const leaf = await placement.provider({ parent_provider_uuid: child.uuid })
    expect([leaf.parent_provider_uuid, leaf.root_provider_uuid]).toEqual([child.uuid, root.uuid])
    const parent = await placement.delete(`/resource_providers/${root.uuid}`, at('1.23'))
    expect([parent.status, parent.body.errors[0].code]).toEqual([409, 'placement.resource_provider.cannot_delete_parent'])
    const move = (version: string, to: string | null) =>
      placement.put(`/resource_providers/${child.uuid}`, { name: child.name, parent_provider_uuid: to }, at(version))
    const other = await placement.provider()
    expect((await move('1.36', other.uuid)).body.errors[0].detail).toContain('re-parenting a provider is not currently allowed.')
    expect((await move('1.37', leaf.uuid)).body.errors[0].detail).toContain('creating loop in the provider tree is not allowed.')
    expect((await move('1.37', cloud.ctx.ids.uuid())).body.errors[0].detail).toContain('parent provider UUID does not exist.')
    expect((await move('1.37', other.uuid)).status).toBe(200)
    expect((await placement.get(`/resource_providers/${leaf.uuid}`, at('1.14'))).body.root_provider_uuid).toBe(other.uuid)
    expect((await move('1.37', null)).body.root_provider_uuid).toBe(child.uuid)
    const tree = await placement.get(`/resource_providers?in_tree=${leaf.uuid}`, at('1.14'))
    expect(tree.body.resource_providers.map((one: { uuid: string }) => one.uuid)).toEqual([child.uuid, leaf.uuid])
  })

  test('two moves at once never close a ring', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, two] = [await placement.provider(), await placement.provider()]
      const under = (self: typeof one, other: typeof one, controller: number) =>
        placementOf(() => cloud.as('admin', { controller })).put(
          `/resource_providers/${self.uuid}`,
          { name: self.name, parent_provider_uuid: other.uuid },
          at('1.37'),
        )
      const replies = await Promise.all([under(one, two, 0), under(two, one, 1)])
      expect(replies.map((reply) => String(reply.status)).toSorted()).toEqual(['200', '400'])
    }
  })

  test('a list is filtered by name, id, room, traits and aggregates', async () => {
    const aggregate = cloud.ctx.ids.uuid()
    const { uuid, name } = await placement.provider()
    const { uuid: other } = await placement.provider()
    await placement.put(`/resource_providers/${uuid}/inventories`, {
      resource_provider_generation: 0,
      inventories: { VGPU: { total: 4, max_unit: 2 } },
    })
    await placement.put(`/resource_providers/${uuid}/traits`, { resource_provider_generation: 1, traits: ['HW_NUMA_ROOT'] }, at('1.6'))
    await placement.put(`/resource_providers/${uuid}/aggregates`, [aggregate], at('1.1'))
    const ids = async (query: string, version = '1.39') => {
      const { status, body } = await placement.get(`/resource_providers?${query}`, at(version))
      expect(status).toBe(200)
      return body.resource_providers.map((one: { uuid: string }) => one.uuid)
    }
    expect(await ids(`name=${encodeURIComponent(name)}`, '1.0')).toEqual([uuid])
    expect(await ids(`uuid=${other}`, '1.0')).toEqual([other])
    expect(await ids('resources=VGPU:2', '1.4')).toEqual([uuid])
    expect(await ids('resources=VGPU:3')).toEqual([])
    expect(await ids('required=HW_NUMA_ROOT', '1.18')).toEqual([uuid])
    expect(await ids('required=in:HW_NUMA_ROOT,OWNER_NOVA&required=!COMPUTE_NODE')).toEqual([uuid])
    expect(await ids(`member_of=${aggregate}`, '1.3')).toEqual([uuid])
    expect(await ids(`member_of=in:${aggregate},${other}`, '1.24')).toEqual([uuid])
    expect(await ids(`member_of=!${aggregate}&uuid=${uuid}`)).toEqual([])
    expect(await ids(`member_of=!${aggregate}&uuid=${other}`)).toEqual([other])
  })

  test.each([
    ['resources=VCPU', '1.4'],
    ['resources=VCPU:x', '1.4'],
    ['resources=VCPU:0', '1.4'],
    ['resources=CUSTOM_NO_SUCH:1', '1.4'],
    ['resources=VCPU:1', '1.3'],
    ['required=NO_SUCH', '1.18'],
    ['required=!COMPUTE_NODE', '1.21'],
    ['required=,', '1.22'],
    ['required=in:COMPUTE_NODE,!OWNER_NOVA', '1.39'],
    ['member_of=nothing', '1.3'],
    ['member_of=!00000000-0000-0000-0000-000000000000', '1.31'],
    ['member_of=00000000-0000-0000-0000-000000000000&member_of=00000000-0000-0000-0000-000000000001', '1.23'],
    ['in_tree=nothing', '1.14'],
    ['uuid=nothing', '1.0'],
    ['color=blue', '1.39'],
  ])('a list of ?%s at %s is refused', async (query, version) => {
    const { status } = await placement.get(`/resource_providers?${query}`, at(version))
    expect(status).toBe(400)
  })

  test('only administrators and services are let in', async () => {
    for (const user of ['demo', 'demo_reader'] as const) {
      const { status, body } = await cloud.as(user).get('/placement/resource_providers', at('1.23'))
      expect(status).toBe(403)
      expect(body.errors[0]).toMatchObject({ title: 'Forbidden', code: 'placement.undefined_code' })
      expect(body.errors[0].detail).toContain('Policy does not allow placement:resource_providers:list to be performed.')
    }
    const anonymous = await cloud.anonymous.get('/placement/resource_providers')
    expect([anonymous.status, anonymous.body.error.code]).toEqual([401, 401])
    expect((await cloud.as('system_admin').get('/placement/resource_providers')).status).toBe(200)
  })

  test('a path that is none is not found, and a body that is none is refused', async () => {
    expect((await placement.get('/nothing')).status).toBe(404)
    const broken = await cloud
      .as('admin')
      .request('POST', '/placement/resource_providers', { body: '{', headers: { 'content-type': 'application/json' } })
    expect(broken.status).toBe(400)
    const text = await cloud
      .as('admin')
      .request('POST', '/placement/resource_providers', { body: 'name', headers: { 'content-type': 'text/plain' } })
    expect(text.status).toBe(415)
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const url = '/networking/v2.0/networks'

describe.each(databases)('networks on %s', (database) => {
  const cloud = useCloud(database)
  const create = async (body: object, user: 'demo' | 'admin' | 'alt_demo' = 'demo') =>
    (await cloud.as(user).post(url, { network: body })).body.network

  test('a member creates a network, sees it, renames it and deletes it', async () => {
    const demo = cloud.as('demo')
    const { status, body } = await demo.post(url, { network: { name: 'n', admin_state_up: 'true' } })
    expect(status).toBe(201)
    expect(body.network).toMatchObject({ name: 'n', status: 'ACTIVE', shared: false, mtu: 1450, subnets: [], tags: [], revision_number: 1 })
    expect(body.network.project_id).toBe(cloud.projectId('demo'))
    expect(body.network.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(body.network).not.toHaveProperty('provider:network_type')
    const { id } = body.network
    expect((await demo.get(`${url}/${id}`)).body.network).toEqual(body.network)
    const renamed = await demo.put(`${url}/${id}`, { network: { name: 'm', description: 'd' } })
    expect(renamed.body.network).toMatchObject({ name: 'm', description: 'd', revision_number: 2 })
    expect((await demo.delete(`${url}/${id}`)).status).toBe(204)
    const gone = await demo.get(`${url}/${id}`)
    expect(gone.status).toBe(404)
    expect(gone.body.NeutronError).toEqual({ type: 'NetworkNotFound', message: `Network ${id} could not be found.`, detail: '' })
  })

  test('an admin chooses and sees how a network is realized', async () => {
    const admin = cloud.as('admin')
    const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet', 'provider:segmentation_id': 42 }
    expect((await admin.post(url, { network: vlan })).body.network).toMatchObject(vlan)
    const again = await admin.post(url, { network: vlan })
    expect(again.status).toBe(409)
    expect(again.body.NeutronError.type).toBe('VlanIdInUse')
    expect((await admin.post(url, { network: { 'provider:network_type': 'flat' } })).status).toBe(400)
    expect((await admin.post(url, { network: { 'provider:network_type': 'carrier-pigeon' } })).status).toBe(400)
    const refused = await cloud.as('demo').post(url, { network: vlan })
    expect(refused.status).toBe(403)
    expect(refused.body.NeutronError).toMatchObject({
      type: 'PolicyNotAuthorized',
      message: '(rule:create_network and rule:create_network:provider) is disallowed by policy',
    })
  })

  test('several networks are made by one request, or none', async () => {
    const demo = cloud.as('demo')
    const { status, body } = await demo.post(url, { networks: [{ name: 'bulk-1' }, { name: 'bulk-2' }] })
    expect(status).toBe(201)
    expect(body.networks.map((network: any) => network.name)).toEqual(['bulk-1', 'bulk-2'])
    expect((await demo.post(url, { networks: [{ name: 'none-1' }, { name: 'none-2', shared: true }] })).status).toBe(403)
    expect((await demo.get(`${url}?name=none-1`)).body.networks).toEqual([])
  })

  test('a network is its project’s secret unless it is shared or leads outside', async () => {
    const own = await create({ name: 'own' })
    const shared = await create({ name: 'shared', shared: true }, 'admin')
    const external = await create({ name: 'external', 'router:external': true }, 'admin')
    const other = cloud.as('alt_demo')
    expect((await other.get(`${url}/${own.id}`)).status).toBe(404)
    expect((await other.put(`${url}/${own.id}`, { network: { name: 'mine' } })).status).toBe(404)
    expect((await other.delete(`${url}/${own.id}`)).status).toBe(404)
    expect((await other.put(`${url}/${shared.id}`, { network: { name: 'mine' } })).status).toBe(403)
    const names = (await other.get(url)).body.networks.map((network: any) => network.name)
    expect(names).toContain('shared')
    expect(names).toContain('external')
    expect(names).not.toContain('own')
    expect((await cloud.as('demo').post(url, { network: { shared: true } })).status).toBe(403)
    expect((await cloud.as('demo_reader').post(url, { network: {} })).status).toBe(403)
    expect((await cloud.as('demo_reader').get(`${url}/${own.id}`)).status).toBe(200)
    expect((await other.get(`${url}/${external.id}`)).body.network['router:external']).toBe(true)
  })

  test('bad input is refused in neutron’s words', async () => {
    const demo = cloud.as('demo')
    const wrong = async (body: unknown) => {
      const { status, body: answer } = await demo.post(url, body)
      expect(status).toBe(400)
      return answer.NeutronError.message
    }
    expect(await wrong({ network: { bogus: 1 } })).toBe("Unrecognized attribute(s) 'bogus'")
    expect(await wrong({ network: { id: 'x' } })).toBe("Attribute 'id' not allowed in POST")
    expect(await wrong({ network: { name: 'x'.repeat(256) } })).toBe(
      `Invalid input for name. Reason: '${'x'.repeat(256)}' exceeds maximum length of 255.`,
    )
    expect(await wrong({ network: { name: 3 } })).toBe("Invalid input for name. Reason: '3' is not a valid string.")
    expect(await wrong({ network: { admin_state_up: 'maybe' } })).toBe(
      "Invalid input for admin_state_up. Reason: 'maybe' cannot be converted to boolean.",
    )
    expect(await wrong({})).toBe("Unable to find 'network' in request body")
    await wrong([])
    await wrong('x')
    await wrong({ networks: [] })
    await wrong({ network: null })
    await wrong({ network: { name: 'a\u0000b' } })
    await wrong({ network: { mtu: 1e300 } })
    expect((await demo.put(`${url}/nonsense`, { network: { status: 'DOWN' } })).body.NeutronError.message).toBe(
      'Cannot update read-only attribute status',
    )
    expect((await demo.get(`${url}/%00`)).status).toBe(404)
    expect((await demo.get('/networking/v2.0/bogus')).body.NeutronError.type).toBe('HTTPNotFound')
  })

  test('a change may name the revision that it is for', async () => {
    const { id } = await create({ name: 'revised' })
    const demo = cloud.as('demo')
    const stale = await demo.put(`${url}/${id}`, { network: { name: 'x' } }, { 'if-match': 'revision_number=7' })
    expect(stale.status).toBe(412)
    expect(stale.body.NeutronError).toMatchObject({
      type: 'RevisionNumberConstraintFailed',
      message: 'Constrained to 7, but current revision is 1',
    })
    expect((await demo.put(`${url}/${id}`, { network: { name: 'x' } }, { 'if-match': 'revision_number=1' })).status).toBe(200)
    expect((await demo.delete(`${url}/${id}`, { 'if-match': 'revision_number=1' })).status).toBe(412)
  })

  test('lists are filtered, sorted, cut to fields and read page by page, forth and back', async () => {
    const demo = cloud.as('alt_demo')
    for (const name of ['c', 'a', 'b', 'd', 'e']) await create({ name, description: name === 'a' ? 'first' : 'rest' }, 'alt_demo')
    const list = async (query: string) => (await demo.get(`${url}?${query}`)).body
    const names = (page: any) => page.networks.map((network: any) => network.name)
    const mine = `project_id=${cloud.projectId('alt_demo')}`
    expect(names(await list(`${mine}&sort_key=name&sort_dir=desc`))).toEqual(['e', 'd', 'c', 'b', 'a'])
    expect(names(await list('name=a&name=c&sort_key=name&sort_dir=asc'))).toEqual(['a', 'c'])
    expect(names(await list('description=first'))).toEqual(['a'])
    expect((await list('name=a&fields=name&fields=mtu')).networks).toEqual([{ name: 'a', mtu: 1450 }])
    const first = await list(`${mine}&limit=2&sort_key=name&sort_dir=asc`)
    expect(names(first)).toEqual(['a', 'b'])
    const next = first.networks_links.find((link: any) => link.rel === 'next').href
    const second = (await demo.get(next.slice(cloud.url.length))).body
    expect(names(second)).toEqual(['c', 'd'])
    const previous = second.networks_links.find((link: any) => link.rel === 'previous').href
    expect(names((await demo.get(previous.slice(cloud.url.length))).body)).toEqual(['a', 'b'])
    const byTime = await list(`${mine}&limit=2&sort_key=created_at&sort_dir=asc`)
    expect(names(await list(`${mine}&limit=9&sort_key=created_at&sort_dir=asc&marker=${byTime.networks[1].id}`))).toEqual(['b', 'd', 'e'])
    expect((await demo.get(`${url}?limit=1&sort_key=name`)).body.NeutronError.message).toBe(
      'The number of sort_keys and sort_dirs must be same',
    )
    for (const wrong of [
      'sort_key=bogus&sort_dir=asc',
      'sort_key=name&sort_dir=up',
      'limit=-1',
      'limit=x',
      'bogus=1',
      'shared=perhaps',
      'mtu=big',
      'changed_since=x',
    ]) {
      expect((await demo.get(`${url}?${wrong}`)).status).toBe(400)
    }
    expect((await demo.get(`${url}?limit=1&marker=nothing`)).status).toBe(404)
  })

  test('tags are set, asked for and taken away', async () => {
    const { id } = await create({ name: 'tagged' })
    const demo = cloud.as('demo')
    expect((await demo.put(`${url}/${id}/tags`, { tags: ['red', 'blue'] })).body).toEqual({ tags: ['blue', 'red'] })
    expect((await demo.put(`${url}/${id}/tags/green%20one`)).status).toBe(201)
    expect((await demo.get(`${url}/${id}`)).body.network).toMatchObject({ tags: ['blue', 'green one', 'red'], revision_number: 3 })
    expect((await demo.get(`${url}/${id}/tags/red`)).status).toBe(204)
    expect((await demo.get(`${url}/${id}/tags/pink`)).body.NeutronError).toMatchObject({
      type: 'TagNotFound',
      message: 'Tag pink could not be found.',
    })
    const found = async (query: string) => (await demo.get(`${url}?name=tagged&${query}`)).body.networks.length
    expect([await found('tags=red,blue'), await found('tags=red,pink'), await found('tags-any=pink,red')]).toEqual([1, 0, 1])
    expect([await found('not-tags=red,blue'), await found('not-tags=red,pink'), await found('not-tags-any=red')]).toEqual([0, 1, 0])
    expect((await demo.delete(`${url}/${id}/tags/red`)).status).toBe(204)
    expect((await demo.delete(`${url}/${id}/tags/red`)).status).toBe(404)
    expect((await cloud.as('alt_demo').put(`${url}/${id}/tags/x`)).status).toBe(404)
    expect((await cloud.as('demo_reader').put(`${url}/${id}/tags/x`)).status).toBe(403)
    expect((await demo.delete(`${url}/${id}/tags`)).status).toBe(204)
    expect((await demo.get(`${url}/${id}/tags`)).body).toEqual({ tags: [] })
    expect((await demo.put(`${url}/${id}/tags`, { tags: ['a', 'a'] })).status).toBe(400)
    expect((await demo.put(`${url}/${id}/tags/${'x'.repeat(256)}`)).status).toBe(400)
  })

  test('whoever has no token is told where to get one', async () => {
    const { status, headers, body } = await cloud.anonymous.get(url)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(`Keystone uri="${cloud.url}/identity"`)
    expect(body.error.code).toBe(401)
    const versions = await cloud.anonymous.get('/networking/')
    expect(versions.body.versions[0]).toEqual({
      id: 'v2.0',
      status: 'CURRENT',
      links: [{ rel: 'self', href: `${cloud.url}/networking/v2.0/` }],
    })
  })

  test('extensions, agents, zones and service providers are listed', async () => {
    const demo = cloud.as('demo')
    const aliases = (await demo.get('/networking/v2.0/extensions')).body.extensions.map((extension: any) => extension.alias)
    expect(aliases).toContain('router')
    expect(new Set(aliases).size).toBe(aliases.length)
    expect((await demo.get('/networking/v2.0/extensions/quotas')).body.extension.alias).toBe('quotas')
    expect((await demo.get('/networking/v2.0/extensions/nonsense')).status).toBe(404)
    expect((await demo.get('/networking/v2.0/agents')).status).toBe(403)
    expect((await cloud.as('admin').get('/networking/v2.0/agents')).body).toEqual({ agents: [] })
    expect((await demo.get('/networking/v2.0/availability_zones?resource=router')).body.availability_zones).toEqual([
      { state: 'available', resource: 'router', name: 'nova' },
    ])
    expect((await demo.get('/networking/v2.0/service-providers')).body).toEqual({ service_providers: [] })
    expect((await demo.get('/networking/v2.0/')).body.resources.map((resource: any) => resource.collection)).toContain('security_groups')
  })
})

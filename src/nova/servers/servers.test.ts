import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { aServer, at, isGone, latest, leftovers, serverIn, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'

const path = '/compute/v2.1/servers'

describe.each(databases)('servers on %s', (database) => {
  const cloud = useCloud(database)
  let hosts: ComputeHosts
  let parts: ServerParts
  let id: string
  beforeAll(async () => {
    hosts = await computeHosts(cloud)
    parts = await serverParts(cloud)
    id = await serverIn(cloud, parts, { more: { name: 'one', metadata: { k: 'v' }, user_data: 'aGk=' } })
  })
  afterAll(() => hosts.stop())

  const demo = () => cloud.as('demo')
  const create = (more: object, headers?: Record<string, string>) => demo().post(path, aServer(parts, more), headers)
  const act = (server: string, body: object, user: 'demo' | 'admin' | 'alt_demo' | 'demo_reader' = 'demo') =>
    cloud.as(user).post(`${path}/${server}/action`, body)

  test('a member gets a server, sees it run, and gets rid of it without a trace', async () => {
    const before = await leftovers(cloud)
    const reply = await create({ metadata: { k: 'v' } })
    expect(reply.status).toBe(202)
    const { id: own, adminPass, links } = reply.body.server
    expect(adminPass).toHaveLength(12)
    expect(reply.headers.get('location')).toBe(`${cloud.url}${path}/${own}`)
    expect(links[1].href).toBe(`${cloud.url}/compute/servers/${own}`)
    await statusIs(cloud, own, 'ACTIVE')
    const { server } = (await demo().get(`${path}/${own}`)).body
    const expected = {
      name: 'vm',
      status: 'ACTIVE',
      metadata: { k: 'v' },
      security_groups: [{ name: 'default' }],
      'OS-EXT-STS:power_state': 1,
    }
    expect(server).toMatchObject(expected)
    expect(server.addresses.net).toEqual([
      { version: 4, addr: expect.any(String), 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': expect.any(String) },
    ])
    expect((await demo().delete(`${path}/${own}`)).status).toBe(204)
    await isGone(cloud, own)
    expect((await demo().delete(`${path}/${own}`)).status).toBe(404)
    expect(await leftovers(cloud)).toEqual(before)
  })

  test('each version shows the fields that it has, and hosts to administrators alone', async () => {
    const fields = async (version: string, user: 'demo' | 'admin') =>
      Object.keys((await cloud.as(user).get(`${path}/${id}`, at(version))).body.server)
    const base = await fields('2.1', 'demo')
    expect(base).not.toContain('locked')
    expect(base.filter((name) => name.startsWith('OS-EXT-SRV-ATTR'))).toEqual([])
    const added = async (from: string, to: string, user: 'demo' | 'admin' = 'demo') => {
      const known = await fields(from, user)
      return (await fields(to, user)).filter((name) => !known.includes(name))
    }
    expect(await added('2.8', '2.9')).toEqual(['locked'])
    expect(await added('2.15', '2.16')).toEqual([])
    expect(await added('2.15', '2.16', 'admin')).toEqual(['host_status'])
    expect(await added('2.18', '2.19')).toEqual(['description'])
    expect(await added('2.25', '2.26')).toEqual(['tags'])
    expect(await added('2.62', '2.63')).toEqual(['trusted_image_certificates'])
    expect(await added('2.70', '2.71')).toEqual(['server_groups'])
    expect(await added('2.72', '2.73')).toEqual(['locked_reason'])
    expect(await added('2.89', '2.90')).toEqual(['OS-EXT-SRV-ATTR:hostname'])
    expect(await added('2.95', '2.96')).toEqual(['pinned_availability_zone'])
    const admins = (await cloud.as('admin').get(`${path}/${id}`, at('2.3'))).body.server
    expect(admins).toMatchObject({
      'OS-EXT-SRV-ATTR:host': expect.stringMatching(/^compute/),
      'OS-EXT-SRV-ATTR:user_data': 'aGk=',
      'OS-EXT-SRV-ATTR:hostname': 'one',
    })
    expect((await demo().get(`${path}/${id}`, at('2.46'))).body.server.flavor).toMatchObject({ id: '42', links: [{ rel: 'bookmark' }] })
    expect((await demo().get(`${path}/${id}`, at('2.47'))).body.server.flavor).toMatchObject({
      original_name: 'm1.nano',
      vcpus: 1,
      extra_specs: {},
    })
  })

  test('a list in detail shows the same as a single server', async () => {
    for (const version of ['2.1', '2.16', '2.47', '2.96']) {
      for (const user of ['demo', 'admin'] as const) {
        const { server_groups: _, ...server } = (await cloud.as(user).get(`${path}/${id}`, at(version))).body.server
        const all = user === 'admin' ? '?all_tenants=1' : ''
        for (let turn = 0; turn < 2; turn++) {
          const { servers } = (await cloud.as(user).get(`${path}/detail${all}`, at(version))).body
          expect(servers.find((one: any) => one.id === id)).toEqual(server)
        }
      }
    }
  })

  test('a server of another project is unknown, whatever one asks of it', async () => {
    const other = cloud.as('alt_demo')
    const message = `Instance ${id} could not be found.`
    const replies = [
      await other.get(`${path}/${id}`),
      await other.put(`${path}/${id}`, { server: { name: 'mine' } }),
      await other.delete(`${path}/${id}`),
      await other.get(`${path}/${id}/metadata`),
      await other.get(`${path}/${id}/ips`),
      await other.get(`${path}/${id}/os-interface`),
      await other.get(`${path}/${id}/os-instance-actions`),
      await other.get(`${path}/${id}/tags`, latest),
      await act(id, { 'os-stop': null }, 'alt_demo'),
      await act(id, { 'os-getConsoleOutput': {} }, 'alt_demo'),
    ]
    for (const { status, body } of replies) expect([status, body]).toEqual([404, { itemNotFound: { code: 404, message } }])
    expect((await other.get(`${path}/nosuch`)).body.itemNotFound.message).toBe('Instance nosuch could not be found.')
  })

  test('a reader may look and nothing else', async () => {
    const reader = cloud.as('demo_reader')
    expect((await reader.get(`${path}/${id}`)).status).toBe(200)
    expect((await reader.post(path, aServer(parts))).body.forbidden.message).toBe(
      "Policy doesn't allow os_compute_api:servers:create to be performed.",
    )
    expect((await reader.delete(`${path}/${id}`)).status).toBe(403)
    expect((await act(id, { 'os-stop': null }, 'demo_reader')).status).toBe(403)
    expect((await cloud.anonymous.get(path)).status).toBe(401)
  })

  test.each([
    ['an unknown field', { bogus: 1 }, /Additional properties are not allowed \('bogus' was unexpected\)/],
    ['no name', { name: '' }, /^Invalid input for field\/attribute name\. Value: \. '' is too short/],
    ['an unknown flavor', { flavorRef: '999' }, /^Flavor 999 could not be found\.$/],
    ['an unknown image', { imageRef: '00000000-0000-0000-0000-000000000000' }, /^Can not find requested image$/],
    ['an image that is no id', { imageRef: 'cirros' }, /imageRef/],
    ['no image', { imageRef: '' }, /^Missing imageRef attribute$/],
    ['an unknown network', { networks: [{ uuid: '00000000-0000-0000-0000-000000000000' }] }, /^Network 00000000-.* could not be found\.$/],
    ['an unknown port', { networks: [{ port: '00000000-0000-0000-0000-000000000000' }] }, /^Port 00000000-.* could not be found\.$/],
    ['an unknown key pair', { key_name: 'nosuch' }, /^Invalid key_name provided\.$/],
    ['an unknown group', { security_groups: [{ name: 'nosuch' }] }, /^Security group nosuch not found/],
    ['an unknown zone', { availability_zone: 'mars' }, /^The requested availability zone is not available$/],
    ['more at least than at most', { min_count: 3, max_count: 2 }, /^min_count must be <= max_count$/],
    ['user data that is not base64', { user_data: '{}' }, /is not a 'base64'$/],
    ['metadata that is no text', { metadata: { k: 1 } }, /1 is not of type 'string'$/],
    ['a key too long', { metadata: { ['k'.repeat(256)]: 'v' } }, /Additional properties/],
    ['an address that is none', { accessIPv4: 'here' }, /accessIPv4/],
    ['a volume', { block_device_mapping_v2: [{ source_type: 'volume', uuid: 'x', boot_index: 0 }] }, /^Block Device Mapping is Invalid/],
    ['files after 2.56', { personality: [] }, /'personality' was unexpected/, latest],
    ['a description before 2.19', { description: 'd' }, /'description' was unexpected/, at('2.18')],
  ])('%s is refused, and leaves nothing', async (_what, more, message, headers: Record<string, string> = {}) => {
    const before = await leftovers(cloud)
    const { status, body } = await create(more, headers)
    expect([status, body]).toEqual([400, { badRequest: { code: 400, message: expect.stringMatching(message) } }])
    expect(await leftovers(cloud)).toEqual(before)
  })

  test('since 2.37 networks must be named; none is a choice', async () => {
    const { networks: _, ...nameless } = aServer(parts).server
    expect((await demo().post(path, { server: nameless }, at('2.37'))).body.badRequest.message).toMatch(
      /'networks' is a required property$/,
    )
    const { body } = await create({ networks: 'none' }, at('2.37'))
    const server = await statusIs(cloud, body.server.id, 'ACTIVE')
    expect(server.addresses).toEqual({})
    await demo().delete(`${path}/${body.server.id}`)
    await isGone(cloud, body.server.id)
  })

  test('one asks for several servers, and gets as many as the quota allows', async () => {
    const reply = await create({ name: 'many', min_count: 1, max_count: 30, return_reservation_id: true })
    expect(reply.body).toEqual({ reservation_id: expect.stringMatching(/^r-/) })
    const { servers } = (await demo().get(`${path}?reservation_id=${reply.body.reservation_id}`)).body
    expect(servers.map((server: any) => server.name).toSorted()).toEqual(Array.from({ length: 9 }, (_, index) => `many-${index + 1}`))
    expect((await create({ min_count: 2, max_count: 2 })).status).toBe(403)
    await Promise.all(servers.map((server: any) => demo().delete(`${path}/${server.id}`)))
    await Promise.all(servers.map((server: any) => isGone(cloud, server.id)))
  })

  test('an administrator chooses the host; others may not', async () => {
    expect((await create({ availability_zone: 'nova:compute2' })).status).toBe(403)
    expect((await create({ host: 'compute2' }, latest)).status).toBe(403)
    for (const [more, headers] of [
      [{ availability_zone: 'nova:compute2' }, {}],
      [{ host: 'compute1', networks: 'none' }, latest],
    ] as const) {
      const { body } = await cloud.as('admin').post(path, aServer(parts, more), headers)
      const server = await statusIs(cloud, body.server.id, 'ACTIVE')
      expect(server['OS-EXT-SRV-ATTR:host']).toBe('host' in more ? more.host : 'compute2')
      await cloud.as('admin').delete(`${path}/${body.server.id}`)
      await isGone(cloud, body.server.id)
    }
    expect((await cloud.as('admin').post(path, aServer(parts, { availability_zone: 'nova:nosuch' }))).status).toBe(400)
  })

  test('a server is renamed and described', async () => {
    const { status, body } = await demo().put(
      `${path}/${id}`,
      { server: { name: 'uno', description: 'first', accessIPv4: '1.2.3.4' } },
      at('2.19'),
    )
    expect([status, body.server]).toMatchObject([200, { name: 'uno', description: 'first', accessIPv4: '1.2.3.4' }])
    expect(body.server).not.toHaveProperty('key_name')
    expect((await demo().put(`${path}/${id}`, { server: { name: 'one' } }, latest)).body.server).toHaveProperty('key_name')
    expect((await demo().put(`${path}/${id}`, { server: { hostname: 'x y' } }, latest)).status).toBe(400)
  })

  test('metadata is read and changed, whole and item by item', async () => {
    const url = `${path}/${id}/metadata`
    expect((await demo().put(url, { metadata: { a: '1', b: '2' } })).body).toEqual({ metadata: { a: '1', b: '2' } })
    expect((await demo().post(url, { metadata: { b: '3', c: '4' } })).body).toEqual({ metadata: { a: '1', b: '3', c: '4' } })
    expect((await demo().put(`${url}/a`, { meta: { a: '5' } })).body).toEqual({ meta: { a: '5' } })
    expect((await demo().put(`${url}/a`, { meta: { b: '5' } })).status).toBe(400)
    expect((await demo().get(`${url}/a`)).body).toEqual({ meta: { a: '5' } })
    expect((await demo().delete(`${url}/a`)).status).toBe(204)
    expect((await demo().delete(`${url}/a`)).body.itemNotFound.message).toBe('Metadata item was not found')
    const many = Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`k${index}`, 'v']))
    expect((await demo().put(url, { metadata: many })).status).toBe(403)
    expect((await demo().get(url)).body).toEqual({ metadata: { b: '3', c: '4' } })
  })

  test('twenty changes of metadata at once are all kept', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => demo().put(`${path}/${id}/metadata/at${index}`, { meta: { [`at${index}`]: 'x' } })),
    )
    const { metadata } = (await demo().get(`${path}/${id}/metadata`)).body
    expect(Object.keys(metadata).filter((key) => key.startsWith('at'))).toHaveLength(20)
  })

  test('tags are set, asked for, and taken away', async () => {
    const url = `${path}/${id}/tags`
    expect((await demo().get(url)).status).toBe(404)
    expect((await demo().put(url, { tags: ['web', 'prod', 'web'] }, latest)).body).toEqual({ tags: ['web', 'prod'] })
    const added = await demo().put(`${url}/new`, undefined, latest)
    expect([added.status, added.headers.get('location')]).toEqual([201, `${cloud.url}${url}/new`])
    expect((await demo().put(`${url}/new`, undefined, latest)).status).toBe(204)
    expect((await demo().get(`${url}/prod`, latest)).status).toBe(204)
    expect((await demo().delete(`${url}/prod`, latest)).status).toBe(204)
    expect((await demo().get(`${url}/prod`, latest)).status).toBe(404)
    expect((await demo().put(url, { tags: ['a,b'] }, latest)).status).toBe(400)
    expect((await demo().get(url, latest)).body).toEqual({ tags: ['web', 'new'] })
    expect((await demo().delete(url, latest)).status).toBe(204)
  })

  test('neutron tells of addresses, interfaces and groups', async () => {
    const { addresses } = (await demo().get(`${path}/${id}/ips`)).body
    expect(addresses.net).toEqual([{ version: 4, addr: expect.stringMatching(/^10\.7\./) }])
    expect((await demo().get(`${path}/${id}/ips/net`)).body).toEqual({ net: addresses.net })
    expect((await demo().get(`${path}/${id}/ips/nosuch`)).status).toBe(404)
    const [nic] = (await demo().get(`${path}/${id}/os-interface`)).body.interfaceAttachments
    expect(nic).toMatchObject({ port_state: 'ACTIVE', net_id: parts.networkId, fixed_ips: [{ ip_address: addresses.net[0].addr }] })
    expect((await demo().get(`${path}/${id}/os-interface/${nic.port_id}`)).body.interfaceAttachment).toEqual(nic)
    expect((await demo().get(`${path}/${id}/os-security-groups`)).body.security_groups).toMatchObject([{ name: 'default' }])
  })

  test('a server is stopped, started and rebooted, and its history tells', async () => {
    const own = await serverIn(cloud, parts)
    expect((await act(own, { 'os-start': null })).body.conflictingRequest.message).toBe(
      `Cannot 'start' instance ${own} while it is in vm_state active`,
    )
    expect((await act(own, { 'os-stop': null })).status).toBe(202)
    expect(await statusIs(cloud, own, 'SHUTOFF')).toMatchObject({ 'OS-EXT-STS:power_state': 4 })
    expect((await act(own, { reboot: { type: 'SOFT' } })).status).toBe(409)
    expect((await act(own, { 'os-start': null })).status).toBe(202)
    await statusIs(cloud, own, 'ACTIVE')
    expect((await act(own, { reboot: { type: 'HARD' } })).status).toBe(202)
    await statusIs(cloud, own, 'ACTIVE')
    expect((await act(own, { reboot: { type: 'gentle' } })).status).toBe(400)
    expect((await act(own, { dance: null })).status).toBe(400)
    const { output } = (await act(own, { 'os-getConsoleOutput': { length: 3 } })).body
    expect(output.split('\n')).toHaveLength(3)
    const url = `${path}/${own}/os-instance-actions`
    const { instanceActions } = (await demo().get(url)).body
    expect(instanceActions.map((one: any) => one.action)).toEqual(['reboot', 'start', 'stop', 'create'])
    const { instanceAction } = (await demo().get(`${url}/${instanceActions[2].request_id}`, at('2.51'))).body
    expect(instanceAction.events).toMatchObject([{ event: 'compute_stop_instance', result: 'Success' }])
    expect((await demo().get(`${url}/nosuch`)).status).toBe(404)
    await demo().delete(`${path}/${own}`)
    await isGone(cloud, own)
    expect((await demo().get(url)).status).toBe(404)
    expect((await demo().get(url, at('2.21'))).body.instanceActions[0].action).toBe('delete')
  })

  test('a locked server is left alone until it is unlocked', async () => {
    expect((await act(id, { lock: null })).status).toBe(202)
    expect((await act(id, { 'os-stop': null })).body.conflictingRequest.message).toBe(`Instance ${id} is locked`)
    expect((await demo().delete(`${path}/${id}`)).status).toBe(409)
    expect((await act(id, { unlock: null })).status).toBe(202)
    await act(id, { lock: null }, 'admin')
    expect((await act(id, { unlock: null })).status).toBe(403)
    await act(id, { unlock: null }, 'admin')
    expect((await demo().get(`${path}/${id}`, at('2.9'))).body.server.locked).toBe(false)
  })
})

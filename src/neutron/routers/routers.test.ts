import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { networking } from '../../../test/helpers/networking.ts'

const path = '/networking/v2.0/routers'

describe.each(databases)('routers on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const net = networking(cloud)
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const add = (id: string, info: object, controller = 0) => demo(controller).put(`${path}/${id}/add_router_interface`, info)
  const remove = (id: string, info: object, controller = 0) => demo(controller).put(`${path}/${id}/remove_router_interface`, info)
  const portsOf = (id: string) => cloud.ctx.db.selectFrom('neutron_ports').selectAll().where('device_id', '=', id).execute()
  const error = (answer: { status: number; body: any }) => [
    answer.status,
    answer.body.NeutronError?.type,
    answer.body.NeutronError?.message,
  ]

  test('a router is made, shown, changed and deleted', async () => {
    const { status, body } = await demo().post(path, { router: { name: 'r1', admin_state_up: true } })
    expect(status).toBe(201)
    const { router } = body
    expect(router).toMatchObject({
      name: 'r1',
      description: '',
      status: 'ACTIVE',
      admin_state_up: true,
      external_gateway_info: null,
      routes: [],
      tags: [],
      availability_zones: [],
      availability_zone_hints: [],
      flavor_id: null,
      revision_number: 1,
      project_id: cloud.projectId('demo'),
    })
    expect(router).not.toHaveProperty('ha')
    expect((await cloud.as('admin').get(`${path}/${router.id}`)).body.router).toMatchObject({ ha: false, distributed: false })
    const changed = await demo().put(`${path}/${router.id}`, { router: { name: 'r2', description: 'd', admin_state_up: 'False' } })
    expect(changed.body.router).toMatchObject({ name: 'r2', description: 'd', admin_state_up: false, revision_number: 2 })
    expect((await demo().get(`${path}?name=r2&admin_state_up=false&status=ACTIVE`)).body.routers).toHaveLength(1)
    expect((await demo().get(`${path}?name=r2&status=DOWN`)).body.routers).toEqual([])
    expect((await demo().delete(`${path}/${router.id}`)).status).toBe(204)
    expect(error(await demo().delete(`${path}/${router.id}`))).toEqual([404, 'RouterNotFound', `Router ${router.id} could not be found`])
  })

  test('a router joins a subnet with its gateway address, and leaves it', async () => {
    const network = await net.network()
    const subnet = await net.subnet(network.id, '10.10.0.0/24')
    const { id } = await net.router()
    const added = await add(id, { subnet_id: subnet.id })
    expect([added.status, added.body]).toEqual([
      200,
      {
        id,
        tenant_id: cloud.projectId('demo'),
        port_id: expect.any(String),
        network_id: network.id,
        subnet_id: subnet.id,
        subnet_ids: [subnet.id],
      },
    ])
    const [port] = await portsOf(id)
    expect(port).toMatchObject({ id: added.body.port_id, device_owner: 'network:router_interface', project_id: cloud.projectId('demo') })
    const [address] = await cloud.ctx.db.selectFrom('neutron_ip_allocations').selectAll().where('port_id', '=', port!.id).execute()
    expect(address!.address).toBe('10.10.0.1')
    expect(error(await add(id, { subnet_id: subnet.id }))).toEqual([
      400,
      'BadRequest',
      `Bad router request: Router already has a port on subnet ${subnet.id}.`,
    ])
    expect(error(await demo().delete(`${path}/${id}`))).toEqual([409, 'RouterInUse', `Router ${id} still has ports`])
    const removed = await remove(id, { subnet_id: subnet.id })
    expect([removed.status, removed.body]).toEqual([200, added.body])
    expect(await portsOf(id)).toEqual([])
    expect(error(await remove(id, { subnet_id: subnet.id }))).toEqual([
      404,
      'RouterInterfaceNotFoundForSubnet',
      `Router ${id} has no interface on subnet ${subnet.id}`,
    ])
    expect((await demo().delete(`${path}/${id}`)).status).toBe(204)
  })

  test('of many who let it join one subnet, or overlapping ones, one succeeds', async () => {
    const [one, other] = [await net.network(), await net.network()]
    const subnets = [await net.subnet(one.id, '10.20.0.0/24'), await net.subnet(other.id, '10.20.0.0/16')]
    const { id } = await net.router()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => add(id, { subnet_id: subnets[index % 2].id }, index % 2)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(400)])
    expect(await portsOf(id)).toHaveLength(1)
    const joined = answers.find(({ status }) => status === 200)!.body.subnet_id
    const [mine, theirs] = joined === subnets[0].id ? subnets : subnets.toReversed()
    expect(error(await add(id, { subnet_id: theirs.id }))[2]).toBe(
      `Bad router request: Cidr ${theirs.cidr} of subnet ${theirs.id} overlaps with cidr ${mine.cidr} of subnet ${mine.id}.`,
    )
    await remove(id, { subnet_id: joined })
    await demo().delete(`${path}/${id}`)
  })

  test('a router joins by a port, which goes when it leaves', async () => {
    const network = await net.network()
    const subnet = await net.subnet(network.id, '10.30.0.0/24')
    const port = await net.port({ networkId: network.id, fixedIps: [{ ipAddress: '10.30.0.7' }] })
    const [{ id }, second] = [await net.router(), await net.router()]
    expect(error(await add(id, { port_id: port.id, subnet_id: subnet.id }))[2]).toBe(
      'Bad router request: Cannot specify both subnet-id and port-id.',
    )
    expect(error(await add(id, {}))[2]).toBe('Bad router request: Either subnet_id or port_id must be specified.')
    const added = await add(id, { port_id: port.id })
    expect(added.body).toMatchObject({ port_id: port.id, subnet_ids: [subnet.id] })
    expect(await portsOf(id)).toMatchObject([{ id: port.id, device_owner: 'network:router_interface' }])
    expect(error(await add(second.id, { port_id: port.id }))).toEqual([
      409,
      'PortInUse',
      `Unable to complete operation on port ${port.id} for network ${network.id}. Port already has an attached device ${id}.`,
    ])
    const missing = cloud.ctx.ids.uuid()
    expect(error(await remove(id, { port_id: missing }))).toEqual([
      404,
      'RouterInterfaceNotFound',
      `Router ${id} does not have an interface with id ${missing}`,
    ])
    expect((await remove(id, { port_id: port.id })).body.subnet_ids).toEqual([subnet.id])
    expect(await portsOf(id)).toEqual([])
    const bare = await net.port({ networkId: network.id, fixedIps: [] })
    expect(error(await add(id, { port_id: bare.id }))[2]).toBe('Bad router request: Router port must have at least one fixed IP.')
  })

  test('a router goes where its port goes', async () => {
    const network = await net.network()
    const [first, second] = [await net.subnet(network.id, '10.31.0.0/24'), await net.subnet(network.id, '10.32.0.0/24')]
    const { id } = await net.router()
    const { port_id } = (await add(id, { subnet_id: first.id })).body
    const moved = await demo().put(`/networking/v2.0/ports/${port_id}`, {
      port: { fixed_ips: [{ subnet_id: second.id, ip_address: '10.32.0.9' }] },
    })
    expect(moved.status).toBe(200)
    expect((await remove(id, { subnet_id: first.id })).status).toBe(404)
    expect((await remove(id, { subnet_id: second.id })).body.port_id).toBe(port_id)
  })

  test('the IPv6 subnets of a network share a port', async () => {
    const network = await net.network()
    const subnets = [await net.subnet(network.id, '2001:db8:1::/64'), await net.subnet(network.id, '2001:db8:2::/64')]
    const { id } = await net.router()
    const [first, second] = [await add(id, { subnet_id: subnets[0].id }), await add(id, { subnet_id: subnets[1].id })]
    expect([first.status, second.status, second.body.port_id]).toEqual([200, 200, first.body.port_id])
    expect((await remove(id, { subnet_id: subnets[0].id })).body).toMatchObject({
      port_id: first.body.port_id,
      subnet_ids: [subnets[0].id],
    })
    expect(await portsOf(id)).toHaveLength(1)
    expect((await remove(id, { subnet_id: subnets[1].id })).status).toBe(200)
    expect(await portsOf(id)).toEqual([])
  })

  test('the gateway is set, adjusted and cleared', async () => {
    const { network, subnet } = await net.external('172.30.0.0/24')
    const { id } = await net.router()
    const set = await demo().put(`${path}/${id}`, { router: { external_gateway_info: { network_id: network.id } } })
    const info = set.body.router.external_gateway_info
    expect(info).toEqual({
      network_id: network.id,
      enable_snat: true,
      external_fixed_ips: [{ subnet_id: subnet.id, ip_address: expect.stringMatching(/^172\.30\.0\.\d+$/) }],
    })
    expect(await portsOf(id)).toMatchObject([{ device_owner: 'network:router_gateway', project_id: '', network_id: network.id }])
    const same = await demo().put(`${path}/${id}`, { router: { external_gateway_info: { network_id: network.id } } })
    expect(same.body.router.external_gateway_info).toEqual(info)
    const fixed = { network_id: network.id, enable_snat: false, external_fixed_ips: [{ subnet_id: subnet.id, ip_address: '172.30.0.99' }] }
    expect((await demo().put(`${path}/${id}`, { router: { external_gateway_info: fixed } })).status).toBe(403)
    const adjusted = await cloud.as('admin').put(`${path}/${id}`, { router: { external_gateway_info: fixed } })
    expect(adjusted.body.router.external_gateway_info).toEqual(fixed)
    expect(await portsOf(id)).toHaveLength(1)
    const other = await net.router({ external_gateway_info: { network_id: network.id } })
    const taken = await cloud.as('admin').put(`${path}/${other.id}`, { router: { external_gateway_info: fixed } })
    expect(error(taken)).toEqual([409, 'IpAddressAlreadyAllocated', `IP address 172.30.0.99 already allocated in subnet ${subnet.id}`])
    const cleared = await demo().put(`${path}/${id}`, { router: { external_gateway_info: {} } })
    expect(cleared.body.router.external_gateway_info).toBe(null)
    expect(await portsOf(id)).toEqual([])
    expect((await demo().delete(`${path}/${other.id}`)).status).toBe(204)
    expect(await portsOf(other.id)).toEqual([])
  })

  test('only an external network that exists can be the way out', async () => {
    const inner = await net.network()
    const { network } = await net.external('172.31.0.0/24')
    const { id } = await net.router()
    const set = (info: object, user: 'demo' | 'admin' = 'demo') =>
      cloud.as(user).put(`${path}/${id}`, { router: { external_gateway_info: info } })
    const none = cloud.ctx.ids.uuid()
    expect(error(await set({ network_id: none }))).toEqual([404, 'NetworkNotFound', `Network ${none} could not be found.`])
    expect(error(await set({ network_id: inner.id }))).toEqual([
      400,
      'BadRequest',
      `Bad router request: Network ${inner.id} is not an external network.`,
    ])
    expect((await set({ enable_snat: true }, 'admin')).status).toBe(400)
    expect(error(await set({ network_id: network.id, external_fixed_ips: [{ ip_address: '172.31.0.1' }] }, 'admin'))[2]).toBe(
      'Bad router request: External IP 172.31.0.1 is the same as the gateway IP.',
    )
    expect(await portsOf(id)).toEqual([])
  })

  test('routes lead to neighbours only, and keep their interface', async () => {
    const network = await net.network()
    const subnet = await net.subnet(network.id, '10.40.0.0/24')
    const { id } = await net.router()
    await add(id, { subnet_id: subnet.id })
    const routes = [{ destination: '8.8.8.0/24', nexthop: '10.40.0.9' }]
    const set = (wanted: unknown) => demo().put(`${path}/${id}`, { router: { routes: wanted } })
    expect((await set(routes)).body.router.routes).toEqual(routes)
    expect(error(await set([{ destination: '8.8.8.0/24', nexthop: '10.99.0.9' }]))).toEqual([
      400,
      'InvalidRoutes',
      "Invalid format for routes: [{'destination': '8.8.8.0/24', 'nexthop': '10.99.0.9'}], the nexthop is not connected with router",
    ])
    expect(error(await set([{ destination: '8.8.8.0/24', nexthop: '10.40.0.1' }]))[2]).toContain('the nexthop is used by router')
    expect((await set([...routes, ...routes])).status).toBe(400)
    expect((await set([{ destination: 'x', nexthop: '10.40.0.9' }])).status).toBe(400)
    expect(error(await remove(id, { subnet_id: subnet.id }))[1]).toBe('RouterInterfaceInUseByRoute')
    const more = { destination: '9.9.9.0/24', nexthop: '10.40.0.8' }
    const added = await demo().put(`${path}/${id}/add_extraroutes`, { router: { routes: [more, ...routes] } })
    expect(added.body.router.routes).toEqual([...routes, more])
    const left = await demo().put(`${path}/${id}/remove_extraroutes`, { router: { routes } })
    expect(left.body.router.routes).toEqual([more])
    expect((await set(null)).body.router.routes).toEqual([])
    const { network: outside } = await net.external('172.29.0.0/24')
    const gateway = (info: object | null) => demo().put(`${path}/${id}`, { router: { external_gateway_info: info } })
    await gateway({ network_id: outside.id })
    expect((await set([{ destination: '0.0.0.0/1', nexthop: '172.29.0.1' }])).status).toBe(200)
    expect(error(await gateway(null))[1]).toBe('InvalidRoutes')
    expect((await set([])).status).toBe(200)
    expect((await remove(id, { subnet_id: subnet.id })).status).toBe(200)
  })

  test('routers, subnets and ports of other projects do not exist', async () => {
    const network = await net.network()
    const subnet = await net.subnet(network.id, '10.50.0.0/24')
    const port = await net.port({ networkId: network.id })
    const [{ id }, theirs] = [await net.router(), await net.router({}, 'alt_demo')]
    const alt = cloud.as('alt_demo')
    for (const answer of [
      await alt.get(`${path}/${id}`),
      await alt.put(`${path}/${id}`, { router: { name: 'x' } }),
      await alt.delete(`${path}/${id}`),
      await alt.put(`${path}/${id}/add_router_interface`, { subnet_id: subnet.id }),
    ]) {
      expect(error(answer)).toEqual([404, 'RouterNotFound', `Router ${id} could not be found`])
    }
    expect(error(await alt.put(`${path}/${theirs.id}/add_router_interface`, { subnet_id: subnet.id }))[1]).toBe('SubnetNotFound')
    expect(error(await alt.put(`${path}/${theirs.id}/add_router_interface`, { port_id: port.id }))[1]).toBe('PortNotFound')
    expect((await alt.get(`${path}?id=${id}`)).body.routers).toEqual([])
    expect((await cloud.as('demo_reader').post(path, { router: {} })).status).toBe(403)
    const forced = await demo().post(path, { router: { ha: true } })
    expect([forced.status, forced.body.NeutronError.message]).toEqual([
      403,
      '(rule:create_router and rule:create_router:ha) is disallowed by policy',
    ])
  })

  test('the quota of routers holds however many ask at once', async () => {
    const asks = Array.from({ length: 16 }, (_, index) =>
      cloud.as('alt_demo', { controller: index % 2 }).post(path, { router: { name: `q${index}` } }),
    )
    const answers = await Promise.all(asks)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(9) // one is there from before
    expect(error(answers.find(({ status }) => status !== 201)!)).toEqual([409, 'OverQuota', "Quota exceeded for resources: ['router']."])
  })

  test('a router that is deleted while it joins a subnet leaves nothing behind', async () => {
    const network = await net.network()
    const subnet = await net.subnet(network.id, '10.60.0.0/24')
    for (let round = 0; round < 4; round++) {
      const { id } = await net.router()
      const [added, deleted] = await Promise.all([add(id, { subnet_id: subnet.id }), demo(1).delete(`${path}/${id}`)])
      expect([`${added.status} ${deleted.status}`]).toEqual([expect.stringMatching(/^(200 409|404 204)$/)])
      if (added.status === 200) await remove(id, { subnet_id: subnet.id })
      expect(await portsOf(id)).toEqual([])
      await demo().delete(`${path}/${id}`)
    }
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { networking } from '../../../test/helpers/networking.ts'
import { floatingIpsOfPorts } from './of-ports.ts'

const path = '/networking/v2.0/floatingips'
const routers = '/networking/v2.0/routers'

describe.each(databases)('floating IPs on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const net = networking(cloud)
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const error = (answer: { status: number; body: any }) => [
    answer.status,
    answer.body.NeutronError?.type,
    answer.body.NeutronError?.message,
  ]
  const lead = (id: string, port_id: string | null, more: object = {}, controller = 0) =>
    demo(controller).put(`${path}/${id}`, { floatingip: { port_id, ...more } })

  let outside: any, outsideSubnet: any, inside: any, subnet: any, router: any
  beforeAll(async () => {
    ;({ network: outside, subnet: outsideSubnet } = await net.external('172.24.4.0/24'))
    inside = await net.network()
    // What the tests choose themselves is not given by chance.
    subnet = await net.subnet(inside.id, '10.0.0.0/24', { allocation_pools: [{ start: '10.0.0.100', end: '10.0.0.250' }] })
    router = await net.router({ external_gateway_info: { network_id: outside.id } })
    await demo().put(`${routers}/${router.id}/add_router_interface`, { subnet_id: subnet.id })
  })
  const take = (fields: object = {}) => net.floatingIp({ floating_network_id: outside.id, ...fields })
  const aPort = () => net.port({ networkId: inside.id, name: 'port1', deviceId: 'server', deviceOwner: 'compute:nova' })

  test('an address of the external network is taken, and given back', async () => {
    const { status, body } = await demo().post(path, { floatingip: { floating_network_id: outside.id, description: 'mine' } })
    expect(status).toBe(201)
    const fip = body.floatingip
    expect(fip).toEqual({
      id: expect.any(String),
      tenant_id: cloud.projectId('demo'),
      project_id: cloud.projectId('demo'),
      floating_ip_address: expect.stringMatching(/^172\.24\.4\.\d+$/),
      floating_network_id: outside.id,
      router_id: null,
      port_id: null,
      fixed_ip_address: null,
      status: 'DOWN',
      description: 'mine',
      port_details: null,
      tags: [],
      created_at: expect.any(String),
      updated_at: expect.any(String),
      revision_number: 0,
    })
    const ports = () => cloud.ctx.db.selectFrom('neutron_ports').selectAll().where('device_id', '=', fip.id).execute()
    expect(await ports()).toMatchObject([{ device_owner: 'network:floatingip', project_id: '', network_id: outside.id }])
    expect((await demo().get(`${path}?floating_ip_address=${fip.floating_ip_address}`)).body.floatingips).toEqual([fip])
    expect((await demo().delete(`${path}/${fip.id}`)).status).toBe(204)
    expect(await ports()).toEqual([])
    expect(error(await demo().get(`${path}/${fip.id}`))).toEqual([404, 'FloatingIPNotFound', `Floating IP ${fip.id} could not be found`])
  })

  test('it leads to a port, to another, and nowhere', async () => {
    const [port, other, fip] = [await aPort(), await aPort(), await take()]
    const { status, body } = await lead(fip.id, port.id)
    expect(status).toBe(200)
    expect(body.floatingip).toMatchObject({
      port_id: port.id,
      router_id: router.id,
      fixed_ip_address: port.fixedIps[0]!.address,
      status: 'ACTIVE',
      revision_number: 1,
      port_details: {
        name: 'port1',
        network_id: inside.id,
        mac_address: port.macAddress,
        admin_state_up: true,
        status: 'DOWN',
        device_id: 'server',
        device_owner: 'compute:nova',
      },
    })
    expect((await floatingIpsOfPorts(cloud.ctx.db, [port.id])).get(port.id)).toEqual([
      { address: fip.floating_ip_address, fixedAddress: port.fixedIps[0]!.address },
    ])
    expect((await demo().get(`${path}?port_id=${port.id}`)).body.floatingips).toHaveLength(1)
    expect((await demo().put(`${path}/${fip.id}`, { floatingip: { description: 'kept' } })).body.floatingip).toMatchObject({
      port_id: port.id,
      description: 'kept',
    })
    expect((await lead(fip.id, other.id)).body.floatingip).toMatchObject({
      port_id: other.id,
      fixed_ip_address: other.fixedIps[0]!.address,
    })
    expect((await lead(fip.id, null)).body.floatingip).toMatchObject({
      port_id: null,
      router_id: null,
      fixed_ip_address: null,
      status: 'DOWN',
      port_details: null,
    })
    await demo().delete(`${path}/${fip.id}`)
  })

  test('it is taken and led to a port in one request', async () => {
    const port = await aPort()
    const fip = await take({ port_id: port.id, subnet_id: outsideSubnet.id })
    expect(fip).toMatchObject({ port_id: port.id, status: 'ACTIVE' })
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a fixed address has one floating IP of a network, however many want to lead there', async () => {
    const port = await aPort()
    const fips = await Promise.all(Array.from({ length: 4 }, () => take()))
    const answers = await Promise.all(fips.map((fip, index) => lead(fip.id, port.id, {}, index % 2)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    const lost = answers.findIndex(({ status }) => status !== 200)
    const { id, floating_ip_address: address } = fips[lost]!
    expect(error(answers[lost]!)).toEqual([
      409,
      'FloatingIPPortAlreadyAssociated',
      `Cannot associate floating IP ${address} (${id}) with port ${port.id} using fixed IP ${port.fixedIps[0]!.address}, ` +
        `as that fixed IP already has a floating IP on external network ${outside.id}.`,
    ])
    for (const fip of fips) expect((await demo().delete(`${path}/${fip.id}`)).status).toBe(204)
  })

  test('of two who lead one floating IP elsewhere at once, one has the last word', async () => {
    const [one, other, fip] = [await aPort(), await aPort(), await take()]
    const answers = await Promise.all([one, other, one, other].map((port, index) => lead(fip.id, port.id, {}, index % 2)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const { floatingip } = (await demo().get(`${path}/${fip.id}`)).body
    const port = [one, other].find(({ id }) => id === floatingip.port_id)!
    expect(floatingip).toMatchObject({ fixed_ip_address: port.fixedIps[0]!.address, revision_number: 4 })
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a port with several addresses needs to be told which', async () => {
    const fip = await take()
    const port = await net.port({ networkId: inside.id, fixedIps: [{ ipAddress: '10.0.0.50' }, { ipAddress: '10.0.0.51' }] })
    expect(error(await lead(fip.id, port.id))[2]).toMatch(
      /^Bad floatingip request: Port \S+ has multiple fixed IPv4 addresses\. {2}Must provide/,
    )
    expect((await lead(fip.id, port.id, { fixed_ip_address: '10.0.0.51' })).body.floatingip.fixed_ip_address).toBe('10.0.0.51')
    expect((await lead(fip.id, port.id, { fixed_ip_address: '10.0.0.50' })).body.floatingip.fixed_ip_address).toBe('10.0.0.50')
    expect(error(await lead(fip.id, port.id, { fixed_ip_address: '10.0.0.52' }))).toEqual([
      400,
      'BadRequest',
      `Bad floatingip request: Port ${port.id} does not have fixed ip 10.0.0.52.`,
    ])
    expect(error(await lead(fip.id, null, { fixed_ip_address: '10.0.0.50' }))[2]).toBe(
      'Bad floatingip request: fixed_ip_address cannot be specified without a port_id.',
    )
    const bare = await net.port({ networkId: inside.id, fixedIps: [] })
    expect(error(await lead(fip.id, bare.id))[2]).toContain('that has no fixed IPv4 addresses')
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a port that no router connects with the network can not be reached', async () => {
    const far = await net.network()
    const farSubnet = await net.subnet(far.id, '10.9.0.0/24')
    const [port, fip] = [await net.port({ networkId: far.id }), await take()]
    const message = `External network ${outside.id} is not reachable from subnet ${farSubnet.id}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`
    expect(error(await lead(fip.id, port.id))).toEqual([404, 'ExternalGatewayForFloatingIPNotFound', message])
    const refused = await demo().post(path, { floatingip: { floating_network_id: outside.id, port_id: port.id } })
    expect(refused.status).toBe(404)
    expect((await demo().get(`${path}/${fip.id}`)).body.floatingip.revision_number).toBe(0)
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a router keeps the interface and the gateway that a floating IP needs', async () => {
    const fip = await take({ port_id: (await aPort()).id })
    const removed = await demo().put(`${routers}/${router.id}/remove_router_interface`, { subnet_id: subnet.id })
    const needed = `Router interface for subnet ${subnet.id} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`
    expect(error(removed)).toEqual([409, 'RouterInterfaceInUseByFloatingIP', needed])
    const cleared = await demo().put(`${routers}/${router.id}`, { router: { external_gateway_info: null } })
    expect(error(cleared)).toEqual([
      409,
      'RouterExternalGatewayInUseByFloatingIp',
      `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${outside.id} is required by one or more floating IPs.`,
    ])
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a floating IP never leads by an interface that goes at the same moment', async () => {
    const network = await net.network()
    const near = await net.subnet(network.id, '10.8.0.0/24')
    const [port, fip] = [await net.port({ networkId: network.id }), await take()]
    for (let round = 0; round < 4; round++) {
      await demo().put(`${routers}/${router.id}/add_router_interface`, { subnet_id: near.id })
      const [led, removed] = await Promise.all([
        lead(fip.id, port.id),
        demo(1).put(`${routers}/${router.id}/remove_router_interface`, { subnet_id: near.id }),
      ])
      expect(`${led.status} ${removed.status}`).toMatch(/^(200 409|404 200)$/)
      await lead(fip.id, null)
      await demo().put(`${routers}/${router.id}/remove_router_interface`, { subnet_id: near.id })
    }
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a floating IP lets go of a port that is deleted, even at the same moment', async () => {
    const fip = await take()
    for (let round = 0; round < 4; round++) {
      const port = await aPort()
      if (round % 2) await lead(fip.id, port.id)
      const [led] = await Promise.all([lead(fip.id, port.id, {}, 1), net.dropPort(port.id)])
      expect([200, 400, 404]).toContain(led.status) // 400: its addresses went between two looks
      expect((await demo().get(`${path}/${fip.id}`)).body.floatingip).toMatchObject({ port_id: null, status: 'DOWN', router_id: null })
    }
    await demo().delete(`${path}/${fip.id}`)
  })

  test('a port keeps the address that a floating IP leads to', async () => {
    const port = await net.port({ networkId: inside.id, fixedIps: [{ ipAddress: '10.0.0.60' }] })
    const fip = await take({ port_id: port.id })
    const change = (ip_address: string, controller = 0) =>
      demo(controller).put(`/networking/v2.0/ports/${port.id}`, { port: { fixed_ips: [{ subnet_id: subnet.id, ip_address }] } })
    const message = `Bad port request: Cannot update the fixed_ips of the port ${port.id}, because its original fixed_ip has been associated to a floating ip.`
    expect(error(await change('10.0.0.61'))).toEqual([400, 'BadRequest', message])
    for (const address of ['10.0.0.61', '10.0.0.60']) {
      await lead(fip.id, null)
      const [led, changed] = await Promise.all([lead(fip.id, port.id), change(address, 1)])
      expect([`${led.status} ${changed.status}`]).toEqual([expect.stringMatching(/^200 (200|400)$/)])
      const [now, then] = [
        (await demo().get(`/networking/v2.0/ports/${port.id}`)).body.port,
        (await demo().get(`${path}/${fip.id}`)).body.floatingip,
      ]
      expect(now.fixed_ips[0].ip_address).toBe(then.fixed_ip_address)
    }
    await demo().delete(`${path}/${fip.id}`)
  })

  test('floating IPs, ports and networks of others', async () => {
    const [port, fip] = [await aPort(), await take()]
    const alt = cloud.as('alt_demo')
    for (const answer of [
      await alt.get(`${path}/${fip.id}`),
      await alt.put(`${path}/${fip.id}`, { floatingip: { port_id: null } }),
      await alt.delete(`${path}/${fip.id}`),
    ]) {
      expect(error(answer)).toEqual([404, 'FloatingIPNotFound', `Floating IP ${fip.id} could not be found`])
    }
    expect((await alt.get(path)).body.floatingips).toEqual([])
    expect(error(await alt.post(path, { floatingip: { floating_network_id: outside.id, port_id: port.id } }))[1]).toBe('PortNotFound')
    expect(error(await alt.post(path, { floatingip: { floating_network_id: inside.id } }))[1]).toBe('NetworkNotFound')
    expect(error(await demo().post(path, { floatingip: { floating_network_id: inside.id } }))).toEqual([
      400,
      'BadRequest',
      `Bad floatingip request: Network ${inside.id} is not a valid external network.`,
    ])
    expect((await cloud.as('demo_reader').delete(`${path}/${fip.id}`)).status).toBe(403)
    await demo().delete(`${path}/${fip.id}`)
  })
})

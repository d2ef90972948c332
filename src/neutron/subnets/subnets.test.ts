import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const api = '/networking/v2.0'

describe.each(databases)('subnets on %s', (database) => {
  const cloud = useCloud(database)
  const aNetwork = async (body: object = {}, user: 'demo' | 'admin' = 'demo') =>
    (await cloud.as(user).post(`${api}/networks`, { network: body })).body.network
  const add = (network: { id: string }, body: object, user: 'demo' | 'admin' | 'alt_demo' = 'demo') =>
    cloud.as(user).post(`${api}/subnets`, { subnet: { network_id: network.id, ip_version: 4, ...body } })

  test('a subnet gets a gateway and pools around it', async () => {
    const network = await aNetwork()
    const { status, body } = await add(network, { name: 's', cidr: '192.168.50.0/24', dns_nameservers: ['8.8.8.8'] })
    expect(status).toBe(201)
    expect(body.subnet).toMatchObject({
      gateway_ip: '192.168.50.1',
      enable_dhcp: true,
      dns_nameservers: ['8.8.8.8'],
      host_routes: [],
      revision_number: 0,
    })
    expect(body.subnet.allocation_pools).toEqual([{ start: '192.168.50.2', end: '192.168.50.254' }])
    const after = (await cloud.as('demo').get(`${api}/networks/${network.id}`)).body.network
    expect(after).toMatchObject({ subnets: [body.subnet.id], revision_number: 2 })
    const middle = await add(network, { cidr: '192.168.51.0/29', gateway_ip: '192.168.51.3' })
    expect(middle.body.subnet.allocation_pools).toEqual([
      { start: '192.168.51.1', end: '192.168.51.2' },
      { start: '192.168.51.4', end: '192.168.51.6' },
    ])
    expect((await add(network, { cidr: '192.168.52.0/30', gateway_ip: null })).body.subnet).toMatchObject({
      gateway_ip: null,
      allocation_pools: [{ start: '192.168.52.1', end: '192.168.52.2' }],
    })
    const v6 = (await add(network, { ip_version: 6, cidr: '2001:DB8:0::/64', ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' })).body
      .subnet
    expect(v6).toMatchObject({
      cidr: '2001:db8::/64',
      gateway_ip: '2001:db8::1',
      allocation_pools: [{ start: '2001:db8::2', end: '2001:db8::ffff:ffff:ffff:ffff' }],
    })
  })

  test('subnets of a network do not overlap, also when two are made at once', async () => {
    const network = await aNetwork()
    await add(network, { cidr: '10.0.0.0/16' })
    const { status, body } = await add(network, { cidr: '10.0.1.0/24' })
    expect(status).toBe(400)
    expect(body.NeutronError).toEqual({
      type: 'InvalidInput',
      message: `Invalid input for operation: Requested subnet with cidr: 10.0.1.0/24 for network: ${network.id} overlaps with another subnet.`,
      detail: '',
    })
    const other = await aNetwork()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => add(other, { cidr: `10.${index % 2}.0.0/15` })))
    expect(answers.map((answer) => answer.status).toSorted((one, other) => one - other)).toEqual([201, 400, 400, 400, 400, 400, 400, 400])
  })

  test('subnets that make no sense are refused', async () => {
    const network = await aNetwork()
    const wrong = async (body: object, status = 400) => {
      const answer = await add(network, body)
      expect([answer.status, JSON.stringify(body)]).toEqual([status, JSON.stringify(body)])
      return answer.body.NeutronError
    }
    expect((await wrong({ cidr: 'nonsense' })).message).toBe("Invalid input for cidr. Reason: 'nonsense' is not a valid IP subnet.")
    expect((await wrong({ cidr: '10.0.0.5/24' })).message).toContain("'10.0.0.0/24' is recommended")
    expect((await wrong({ cidr: '10.0.0.0/24', ip_version: 6 })).message).toContain("does not match the ip_version '6'")
    expect((await wrong({ cidr: '10.0.0.0/24', ip_version: 5 })).message).toContain('Invalid input for ip_version')
    await wrong({ cidr: '0.0.0.0/0' })
    await wrong({ cidr: '10.0.0.0/31' })
    await wrong({ cidr: '224.0.0.0/24' })
    await wrong({})
    await wrong({ cidr: '10.0.0.0/24', gateway_ip: '10.0.0.0' })
    await wrong({ cidr: '10.0.0.0/24', gateway_ip: 'fe80::1' })
    await wrong({ cidr: '10.0.0.0/24', gateway_ip: '10.0.0' })
    expect((await wrong({ cidr: '10.0.0.0/24', allocation_pools: [{ start: '10.0.0.9', end: '10.0.1.9' }] })).type).toBe(
      'OutOfBoundsAllocationPool',
    )
    expect((await wrong({ cidr: '10.0.0.0/24', allocation_pools: [{ start: '10.0.0.9', end: '10.0.0.8' }] })).type).toBe(
      'InvalidAllocationPool',
    )
    const twice = [
      { start: '10.0.0.9', end: '10.0.0.20' },
      { start: '10.0.0.15', end: '10.0.0.30' },
    ]
    expect((await wrong({ cidr: '10.0.0.0/24', allocation_pools: twice }, 409)).type).toBe('OverlappingAllocationPools')
    const onGateway = { cidr: '10.0.0.0/24', allocation_pools: [{ start: '10.0.0.1', end: '10.0.0.9' }] }
    expect(await wrong(onGateway, 409)).toMatchObject({
      type: 'GatewayConflictWithAllocationPools',
      message: 'Gateway ip 10.0.0.1 conflicts with allocation pool 10.0.0.1-10.0.0.9.',
    })
    await wrong({ cidr: '10.0.0.0/24', ipv6_ra_mode: 'slaac' })
    await wrong({ cidr: 'fd00::/96', ip_version: 6, ipv6_ra_mode: 'slaac' })
    await wrong({ cidr: 'fd00::/64', ip_version: 6, ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' })
    await wrong({ cidr: 'fd00::/64', ip_version: 6, ipv6_ra_mode: 'slaac', enable_dhcp: false })
    expect(
      (await wrong({ cidr: '10.0.0.0/24', dns_nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5', '1.1.1.6'] })).type,
    ).toBe('DNSNameServersExhausted')
    await wrong({ cidr: '10.0.0.0/24', dns_nameservers: ['resolver'] })
    await wrong({ cidr: '10.0.0.0/24', host_routes: [{ destination: '10.9.0.0/24' }] })
    await wrong({ cidr: '10.0.0.0/24', host_routes: [{ destination: 'x', nexthop: '10.0.0.9' }] })
    expect((await cloud.as('demo').get(`${api}/networks/${network.id}`)).body.network).toMatchObject({ subnets: [], revision_number: 1 })
    const nowhere = await cloud.as('demo').post(`${api}/subnets`, { subnet: { ip_version: 4, cidr: '10.0.0.0/24' } })
    expect(nowhere.body.NeutronError.message).toBe("Failed to parse request. Required attribute 'network_id' not specified")
  })

  test('a subnet is changed and deleted, but not while ports have its addresses', async () => {
    const demo = cloud.as('demo')
    const network = await aNetwork()
    const { id } = (await add(network, { cidr: '10.0.0.0/24' })).body.subnet
    const changed = await demo.put(`${api}/subnets/${id}`, {
      subnet: {
        name: 't',
        gateway_ip: '10.0.0.254',
        allocation_pools: [{ start: '10.0.0.10', end: '10.0.0.20' }],
        enable_dhcp: false,
        host_routes: [{ destination: '10.9.0.0/16', nexthop: '10.0.0.7' }],
      },
    })
    expect(changed.body.subnet).toMatchObject({
      name: 't',
      gateway_ip: '10.0.0.254',
      allocation_pools: [{ start: '10.0.0.10', end: '10.0.0.20' }],
      enable_dhcp: false,
      revision_number: 1,
    })
    expect((await demo.put(`${api}/subnets/${id}`, { subnet: { gateway_ip: '10.0.0.15' } })).status).toBe(409)
    expect((await demo.put(`${api}/subnets/${id}`, { subnet: { cidr: '10.0.0.0/25' } })).body.NeutronError.message).toBe(
      'Cannot update read-only attribute cidr',
    )
    const { port } = (await demo.post(`${api}/ports`, { port: { network_id: network.id } })).body
    expect((await demo.delete(`${api}/subnets/${id}`)).body.NeutronError).toMatchObject({
      type: 'SubnetInUse',
      message: `Unable to complete operation on subnet ${id}: One or more ports have an IP allocation from this subnet.`,
    })
    await demo.delete(`${api}/ports/${port.id}`)
    expect((await demo.delete(`${api}/subnets/${id}`)).status).toBe(204)
    expect((await demo.delete(`${api}/subnets/${id}`)).body.NeutronError.type).toBe('SubnetNotFound')
  })

  test('subnets of shared networks are for all to see; nobody adds to another’s network', async () => {
    const own = await aNetwork()
    const shared = await aNetwork({ shared: true }, 'admin')
    const external = await aNetwork({ 'router:external': true }, 'admin')
    const ids = await Promise.all(
      [
        add(own, { cidr: '10.1.0.0/24' }),
        add(shared, { cidr: '10.2.0.0/24' }, 'admin'),
        add(external, { cidr: '10.3.0.0/24' }, 'admin'),
      ].map(async (answer) => (await answer).body.subnet.id),
    )
    const other = cloud.as('alt_demo')
    expect(await Promise.all(ids.map(async (id) => (await other.get(`${api}/subnets/${id}`)).status))).toEqual([404, 200, 404])
    expect((await other.get(`${api}/subnets`)).body.subnets.map((subnet: any) => subnet.id)).toEqual([ids[1]])
    expect((await add(own, { cidr: '10.4.0.0/24' }, 'alt_demo')).status).toBe(404)
    expect((await add(shared, { cidr: '10.4.0.0/24' }, 'alt_demo')).status).toBe(403)
    expect((await other.delete(`${api}/subnets/${ids[1]}`)).status).toBe(403)
    expect((await cloud.as('demo').get(`${api}/subnets?cidr=10.1.0.0/24&fields=id`)).body.subnets).toEqual([{ id: ids[0] }])
  })
})

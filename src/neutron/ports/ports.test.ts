import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const api = '/networking/v2.0'

describe.each(databases)('ports on %s', (database) => {
  const cloud = useCloud(database)
  const post = async (what: string, body: object, user: 'demo' | 'admin' | 'alt_demo' = 'demo') =>
    (await cloud.as(user).post(`${api}/${what}s`, { [what]: body })).body[what]
  const aNetwork = async (cidr = '10.0.0.0/24', body: object = {}, user: 'demo' | 'admin' = 'demo', pools?: object[]) => {
    const network = await post('network', body, user)
    const fields = { network_id: network.id, ip_version: cidr.includes(':') ? 6 : 4, cidr, allocation_pools: pools }
    const subnet = await post('subnet', fields, user)
    return { network, subnet }
  }
  const add = (network: { id: string }, body: object = {}, user: 'demo' | 'admin' | 'alt_demo' = 'demo') =>
    cloud.as(user).post(`${api}/ports`, { port: { network_id: network.id, ...body } })

  test('a port gets an address, a MAC address and the default group', async () => {
    const { network, subnet } = await aNetwork()
    const { status, body } = await add(network, { name: 'p' })
    expect(status).toBe(201)
    expect(body.port).toMatchObject({
      name: 'p',
      status: 'DOWN',
      device_id: '',
      device_owner: '',
      port_security_enabled: true,
      revision_number: 1,
      'binding:vnic_type': 'normal',
    })
    expect(body.port.mac_address).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/)
    expect(body.port.fixed_ips).toEqual([{ subnet_id: subnet.id, ip_address: expect.stringMatching(/^10\.0\.0\.\d+$/) }])
    const [group] = (await cloud.as('demo').get(`${api}/security-groups?name=default`)).body.security_groups
    expect(body.port.security_groups).toEqual([group.id])
    expect(body.port).not.toHaveProperty('binding:host_id')
    const seen = (await cloud.as('admin').get(`${api}/ports/${body.port.id}`)).body.port
    expect(seen).toMatchObject({ 'binding:host_id': '', 'binding:vif_type': 'unbound' })
    expect((await cloud.as('demo').delete(`${api}/ports/${body.port.id}`)).status).toBe(204)
    expect((await cloud.as('demo').get(`${api}/ports/${body.port.id}`)).body.NeutronError.type).toBe('PortNotFound')
  })

  test('addresses and MAC addresses are given as asked for, and once', async () => {
    const { network, subnet } = await aNetwork()
    const first = await add(network, { fixed_ips: [{ ip_address: '10.0.0.77' }], mac_address: 'FA:16:3E:00:00:01' })
    expect(first.body.port).toMatchObject({
      fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.0.0.77' }],
      mac_address: 'fa:16:3e:00:00:01',
    })
    const taken = await add(network, { fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.0.0.77' }] })
    expect(taken.status).toBe(409)
    expect(taken.body.NeutronError).toMatchObject({
      type: 'IpAddressAlreadyAllocated',
      message: `IP address 10.0.0.77 already allocated in subnet ${subnet.id}`,
    })
    const mac = await add(network, { mac_address: 'fa:16:3e:00:00:01' })
    expect(mac.status).toBe(409)
    expect(mac.body.NeutronError).toMatchObject({
      type: 'MacAddressInUse',
      message: `Unable to complete operation for network ${network.id}. The mac address fa:16:3e:00:00:01 is in use.`,
    })
    const two = await add(network, { fixed_ips: [{ subnet_id: subnet.id }, { subnet_id: subnet.id }] })
    expect(new Set(two.body.port.fixed_ips.map((ip: any) => ip.ip_address)).size).toBe(2)
    expect((await add(network, { fixed_ips: [] })).body.port.fixed_ips).toEqual([])
    expect((await add(network, { fixed_ips: [{ ip_address: '10.9.0.1' }] })).body.NeutronError.type).toBe('InvalidIpForNetwork')
    expect((await add(network, { fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.9.0.1' }] })).body.NeutronError.type).toBe(
      'InvalidIpForSubnet',
    )
    expect((await add(network, { fixed_ips: [{ ip_address: '10.0.0.255' }] })).status).toBe(400)
    expect((await add(network, { fixed_ips: [{}] })).status).toBe(400)
    expect((await add(network, { fixed_ips: [{ subnet_id: network.id }] })).status).toBe(400)
  })

  test('where guests make their own addresses, ports get those', async () => {
    const demo = cloud.as('demo')
    const network = await post('network', {})
    const before = (await add(network, { mac_address: 'fa:16:3e:aa:bb:cc' })).body.port
    const subnet = await post('subnet', {
      network_id: network.id,
      ip_version: 6,
      cidr: 'fd00:1::/64',
      ipv6_ra_mode: 'slaac',
      ipv6_address_mode: 'slaac',
    })
    const own = [{ subnet_id: subnet.id, ip_address: 'fd00:1::f816:3eff:feaa:bbcc' }]
    expect((await demo.get(`${api}/ports/${before.id}`)).body.port.fixed_ips).toEqual(own)
    const stateful = await post('subnet', {
      network_id: network.id,
      ip_version: 6,
      cidr: 'fd00:2::/112',
      ipv6_ra_mode: 'dhcpv6-stateful',
      ipv6_address_mode: 'dhcpv6-stateful',
    })
    const after = (await add(network)).body.port
    expect(new Set(after.fixed_ips.map((ip: any) => ip.subnet_id))).toEqual(new Set([subnet.id, stateful.id]))
    expect((await add(network, { fixed_ips: [{ subnet_id: subnet.id, ip_address: 'fd00:1::5' }] })).status).toBe(400)
    expect((await demo.delete(`${api}/subnets/${subnet.id}`)).status).toBe(204)
    expect((await demo.get(`${api}/ports/${before.id}`)).body.port.fixed_ips).toEqual([])
  })

  test('a port is changed: names, addresses, groups, pairs, options', async () => {
    const demo = cloud.as('demo')
    // What is chosen here must not have been given by chance.
    const { network, subnet } = await aNetwork('10.0.0.0/24', {}, 'demo', [{ start: '10.0.0.2', end: '10.0.0.100' }])
    const { id, fixed_ips: before } = (await add(network)).body.port
    const change = async (body: object) => demo.put(`${api}/ports/${id}`, { port: body })
    const moved = await change({
      name: 'q',
      fixed_ips: [...before, { subnet_id: subnet.id, ip_address: '10.0.0.200' }],
      device_id: 'd',
      dns_name: 'web',
    })
    expect(moved.body.port).toMatchObject({ name: 'q', device_id: 'd', revision_number: 2 })
    expect(moved.body.port.fixed_ips).toHaveLength(2)
    expect((await change({ fixed_ips: [{ ip_address: '10.0.0.200' }] })).body.port.fixed_ips).toEqual([
      { subnet_id: subnet.id, ip_address: '10.0.0.200' },
    ])
    expect((await change({ fixed_ips: [{ subnet_id: subnet.id }] })).body.port.fixed_ips).toEqual([
      { subnet_id: subnet.id, ip_address: '10.0.0.200' },
    ])
    const pairs = await change({
      allowed_address_pairs: [{ ip_address: '10.0.0.99' }, { ip_address: '10.1.0.0/16', mac_address: 'fa:16:3e:00:00:09' }],
    })
    expect(pairs.body.port.allowed_address_pairs).toEqual([
      { mac_address: pairs.body.port.mac_address, ip_address: '10.0.0.99' },
      { mac_address: 'fa:16:3e:00:00:09', ip_address: '10.1.0.0/16' },
    ])
    const options = await change({
      extra_dhcp_opts: [
        { opt_name: 'mtu', opt_value: '1400' },
        { opt_name: 'x', opt_value: 'y', ip_version: 6 },
      ],
    })
    expect(options.body.port.extra_dhcp_opts).toEqual([
      { opt_name: 'mtu', opt_value: '1400', ip_version: 4 },
      { opt_name: 'x', opt_value: 'y', ip_version: 6 },
    ])
    expect((await change({ extra_dhcp_opts: [{ opt_name: 'mtu', opt_value: null }] })).body.port.extra_dhcp_opts).toHaveLength(1)
    expect((await change({ port_security_enabled: false })).body.NeutronError.type).toBe('PortSecurityPortHasSecurityGroup')
    expect((await change({ security_groups: [], allowed_address_pairs: [], port_security_enabled: false })).body.port).toMatchObject({
      security_groups: [],
      port_security_enabled: false,
    })
    expect((await change({ security_groups: [network.id] })).body.NeutronError.type).toBe('SecurityGroupNotFound')
    expect((await change({ mac_address: 'fa:16:3e:00:00:02' })).status).toBe(403)
    expect((await change({ network_id: network.id })).body.NeutronError.message).toBe('Cannot update read-only attribute network_id')
    expect((await change({ 'binding:host_id': 'h' })).status).toBe(403)
    const bound = await cloud.as('admin').put(`${api}/ports/${id}`, { port: { 'binding:host_id': 'h', 'binding:profile': { a: 1 } } })
    expect(bound.body.port).toMatchObject({ 'binding:host_id': 'h', 'binding:profile': { a: 1 }, 'binding:vif_type': 'ovs' })
  })

  test('ports are found by device, address and group', async () => {
    const demo = cloud.as('demo')
    const { network, subnet } = await aNetwork('10.0.7.0/24')
    await add(network, { name: 'one', device_id: 'dev-1', fixed_ips: [{ ip_address: '10.0.7.11' }] })
    const { security_groups: groups } = (await add(network, { name: 'two', fixed_ips: [{ ip_address: '10.0.7.12' }] })).body.port
    const found = async (query: string) =>
      (await demo.get(`${api}/ports?network_id=${network.id}&sort_key=name&sort_dir=asc&${query}`)).body.ports.map((port: any) => port.name)
    expect(await found('device_id=dev-1')).toEqual(['one'])
    expect(await found('device_id=')).toEqual(['two'])
    expect(await found('fixed_ips=ip_address%3D10.0.7.12')).toEqual(['two'])
    expect(await found(`fixed_ips=subnet_id%3D${subnet.id}`)).toEqual(['one', 'two'])
    expect(await found('fixed_ips=ip_address_substr%3D7.1')).toEqual(['one', 'two'])
    expect(await found('fixed_ips=ip_address_substr%3D%25')).toEqual([])
    expect(await found(`security_groups=${groups[0]}`)).toEqual(['one', 'two'])
    expect((await demo.get(`${api}/ports?fixed_ips=bogus`)).status).toBe(400)
  })

  test('a port on a shared network belongs to who made it; only the network’s owner may ask for much', async () => {
    const { network } = await aNetwork('10.0.8.0/24', { shared: true }, 'admin')
    const mine = await add(network, {}, 'alt_demo')
    expect(mine.status).toBe(201)
    expect((await cloud.as('demo').get(`${api}/ports/${mine.body.port.id}`)).status).toBe(404)
    expect((await cloud.as('demo').put(`${api}/ports/${mine.body.port.id}`, { port: { name: 'x' } })).status).toBe(404)
    expect((await add(network, { fixed_ips: [{ ip_address: '10.0.8.9' }] }, 'alt_demo')).status).toBe(403)
    expect((await add(network, { mac_address: 'fa:16:3e:00:00:03' }, 'alt_demo')).status).toBe(403)
    expect((await add(network, { device_owner: 'network:dhcp' }, 'alt_demo')).status).toBe(403)
    const own = await aNetwork('10.0.9.0/24')
    expect((await add(own.network, {}, 'alt_demo')).body.NeutronError.type).toBe('NetworkNotFound')
  })

  test('a network with ports stays; its refusal names them', async () => {
    const { network } = await aNetwork()
    const { id } = (await add(network)).body.port
    const { status, body } = await cloud.as('demo').delete(`${api}/networks/${network.id}`)
    expect(status).toBe(409)
    expect(body.NeutronError).toMatchObject({
      type: 'NetworkInUse',
      message: `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${id}.`,
    })
  })

  test('several ports are made by one request, with tags', async () => {
    const { network } = await aNetwork()
    const { status, body } = await cloud
      .as('demo')
      .post(`${api}/ports`, { ports: [{ network_id: network.id, tags: ['a'] }, { network_id: network.id }] })
    expect(status).toBe(201)
    expect(body.ports.map((port: any) => port.tags)).toEqual([['a'], []])
  })

  test('an admin sees how many addresses are used', async () => {
    const { network, subnet } = await aNetwork('10.0.0.0/28')
    await add(network)
    const { body } = await cloud.as('admin').get(`${api}/network-ip-availabilities/${network.id}`)
    expect(body.network_ip_availability).toMatchObject({ network_id: network.id, total_ips: 13, used_ips: 1 })
    expect(body.network_ip_availability.subnet_ip_availability[0]).toMatchObject({
      subnet_id: subnet.id,
      ip_availability_details: {
        total_ips_in_subnet: 14,
        total_ips_in_allocation_pool: 13,
        used_ips_in_subnet: 1,
        used_ips_in_allocation_pool: 1,
      },
    })
    expect(
      (await cloud.as('admin').get(`${api}/network-ip-availabilities?network_id=${network.id}`)).body.network_ip_availabilities,
    ).toHaveLength(1)
    expect((await cloud.as('demo').get(`${api}/network-ip-availabilities`)).status).toBe(403)
  })

  test('bad input is refused', async () => {
    const { network } = await aNetwork()
    for (const body of [
      { mac_address: 'x' },
      { fixed_ips: 'x' },
      { fixed_ips: [{ ip_address: 'x' }] },
      { fixed_ips: [{ bogus: 1 }] },
      { security_groups: ['x'] },
      { allowed_address_pairs: [{ ip_address: '10.0.0.300' }] },
      { allowed_address_pairs: [{ ip_address: '10.0.0.1' }, { ip_address: '10.0.0.1' }] },
      { extra_dhcp_opts: [{ opt_name: '' }] },
      { port_security_enabled: false, security_groups: [network.id] },
      { 'binding:vnic_type': 'x' },
      { device_id: 'x'.repeat(256) },
      { bogus: 1 },
      { status: 'ACTIVE' },
    ]) {
      const { status } = await add(network, body)
      expect([status >= 400 && status < 410, JSON.stringify(body)]).toEqual([true, JSON.stringify(body)])
    }
    expect((await cloud.as('demo').get(`${api}/ports?network_id=${network.id}`)).body.ports).toEqual([])
    expect((await add({ id: network.id.replace(/./g, '0') })).status).toBe(400)
    expect((await add({ id: '00000000-0000-0000-0000-000000000000' })).body.NeutronError.type).toBe('NetworkNotFound')
  })
})

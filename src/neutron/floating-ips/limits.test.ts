import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { networking } from '../../../test/helpers/networking.ts'

const path = '/networking/v2.0/floatingips'
const routers = '/networking/v2.0/routers'

describe.each(databases)('limits of floating IPs on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const net = networking(cloud)
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const error = (answer: { status: number; body: any }) => [
    answer.status,
    answer.body.NeutronError?.type,
    answer.body.NeutronError?.message,
  ]

  let outside: any, outsideSubnet: any, inside: any, subnet: any, router: any
  beforeAll(async () => {
    ;({ network: outside, subnet: outsideSubnet } = await net.external('172.24.4.0/24', {
      // What the tests choose themselves is not given by chance.
      allocation_pools: [{ start: '172.24.4.2', end: '172.24.4.199' }],
    }))
    inside = await net.network()
    subnet = await net.subnet(inside.id, '10.0.0.0/24', { allocation_pools: [{ start: '10.0.0.100', end: '10.0.0.250' }] })
    router = await net.router({ external_gateway_info: { network_id: outside.id } })
    await demo().put(`${routers}/${router.id}/add_router_interface`, { subnet_id: subnet.id })
  })
  const take = (fields: object = {}) => net.floatingIp({ floating_network_id: outside.id, ...fields })

  test('only an admin chooses the address', async () => {
    const wanted = { floating_network_id: outside.id, floating_ip_address: '172.24.4.200' }
    const refused = await demo().post(path, { floatingip: wanted })
    expect([refused.status, refused.body.NeutronError.message]).toEqual([
      403,
      '(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy',
    ])
    const project_id = cloud.projectId('demo')
    const { body } = await cloud.as('admin').post(path, { floatingip: { ...wanted, project_id } })
    expect(body.floatingip).toMatchObject({ floating_ip_address: '172.24.4.200', project_id })
    const again = await cloud.as('admin').post(path, { floatingip: wanted })
    expect(error(again)).toEqual([
      409,
      'IpAddressAlreadyAllocated',
      `IP address 172.24.4.200 already allocated in subnet ${outsideSubnet.id}`,
    ])
    await demo().delete(`${path}/${body.floatingip.id}`)
  })

  test('the quota of floating IPs holds, and addresses are given once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 54 }, (_, index) =>
        cloud.as('alt_demo', { controller: index % 2 }).post(path, { floatingip: { floating_network_id: outside.id } }),
      ),
    )
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.floatingip.floating_ip_address)
    expect([made.length, new Set(made).size]).toEqual([50, 50])
    expect(error(answers.find(({ status }) => status !== 201)!)).toEqual([
      409,
      'OverQuota',
      "Quota exceeded for resources: ['floatingip'].",
    ])
  })

  test('an external network takes along floating IPs that lead nowhere', async () => {
    const other = await net.external('172.25.0.0/24')
    const fip = await take({ floating_network_id: other.network.id })
    expect((await cloud.as('admin').delete(`/networking/v2.0/networks/${other.network.id}`)).status).toBe(204)
    expect((await demo().get(`${path}/${fip.id}`)).status).toBe(404)
    const used = await cloud.as('admin').delete(`/networking/v2.0/networks/${outside.id}`)
    expect([used.status, used.body.NeutronError.type]).toEqual([409, 'NetworkInUse'])
  })

  test.each([
    [{}, "Failed to parse request. Required attribute 'floating_network_id' not specified"],
    [{ floating_network_id: 'x' }, "Invalid input for floating_network_id. Reason: 'x' is not a valid UUID."],
    [{ floating_network_id: '11111111-1111-1111-1111-111111111111', bogus: 1 }, "Unrecognized attribute(s) 'bogus'"],
  ])('%j is refused', async (floatingip, message) => {
    const answer = await demo().post(path, { floatingip })
    expect([answer.status, answer.body.NeutronError.message]).toEqual([400, message])
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { openPolicy } from '../../cloud/policy.ts'
import { forWork } from '../../kernel/context.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { markNicsActive, moveNics, nicsOf, planNics, plugNics, seedNetworks, unplugNics, type NicRequest } from '../contract.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

const api = '/networking/v2.0'

describe.each(databases)('servers’ network interfaces on %s', (database) => {
  const cloud = useCloud(database)
  const within = <T>(act: (tx: Tx) => Promise<T>) => transaction(forWork(cloud.ctx, 'test'), 'test', act)
  const asking = (project: string): CloudContext => {
    const subject = { projectId: cloud.projectId(project), roles: ['member', 'reader'], userId: cloud.userId(project) }
    return { ...forWork(cloud.ctx, 'test'), subject, policy: openPolicy([]) } as unknown as CloudContext
  }
  const plan = async (requested: readonly NicRequest[] | 'auto' | 'none', { user = 'demo', securityGroups = ['default'] } = {}) =>
    planNics(asking(user), cloud.ctx.db, requested, { securityGroups })
  const plug = async (serverId: string, nics: Awaited<ReturnType<typeof plan>>, host = 'host-1') =>
    within((tx) => plugNics(cloud.ctx, tx, { serverId, projectId: cloud.projectId('demo'), host, availabilityZone: 'nova', nics }))
  const seed = () =>
    within((tx) => seedNetworks(cloud.ctx, tx, { adminProjectId: cloud.projectId('admin'), demoProjectId: cloud.projectId('demo') }))
  const newServer = () => cloud.ctx.ids.uuid()

  test('a new cloud has the networks that everyone knows, once', async () => {
    await seed()
    await seed()
    const { networks } = (await cloud.as('demo').get(`${api}/networks?sort_key=name&sort_dir=asc`)).body
    expect(networks.map((network: any) => [network.name, network['router:external']])).toEqual([
      ['private', false],
      ['public', true],
    ])
    const { subnets } = (await cloud.as('admin').get(`${api}/subnets?sort_key=name&sort_dir=asc`)).body
    expect(subnets.map((subnet: any) => [subnet.name, subnet.cidr, subnet.gateway_ip])).toEqual([
      ['private-subnet', '10.0.0.0/26', '10.0.0.1'],
      ['public-subnet', '172.24.4.0/24', '172.24.4.1'],
    ])
    expect((await cloud.as('demo').get(`${api}/routers`)).body.routers).toHaveLength(1)
  })

  test('a server is plugged into the project’s network, moves, and lets go of all', async () => {
    const server = newServer()
    const nics = await plan('auto')
    await plug(server, nics)
    await plug(server, nics)
    const [nic, ...more] = (await nicsOf(cloud.ctx.db, [server])).get(server)!
    expect(more).toEqual([])
    expect(nic).toMatchObject({ networkName: 'private', state: 'DOWN', floatingIps: [], securityGroups: [{ name: 'default' }] })
    expect(nic!.fixedIps).toEqual([expect.objectContaining({ address: expect.stringMatching(/^10\.0\.0\.\d+$/), version: 4 })])
    await within((tx) => markNicsActive(cloud.ctx, tx, { serverId: server }))
    await within((tx) => moveNics(cloud.ctx, tx, { serverId: server, host: 'host-2' }))
    const { port } = (await cloud.as('admin').get(`${api}/ports/${nic!.portId}`)).body
    expect(port).toMatchObject({
      status: 'ACTIVE',
      device_id: server,
      device_owner: 'compute:nova',
      'binding:host_id': 'host-2',
      'binding:vif_type': 'ovs',
    })
    await within((tx) => unplugNics(cloud.ctx, tx, { serverId: server }))
    await within((tx) => unplugNics(cloud.ctx, tx, { serverId: server }))
    expect((await nicsOf(cloud.ctx.db, [server])).size).toBe(0)
    expect((await cloud.as('admin').get(`${api}/ports/${nic!.portId}`)).status).toBe(404)
  })

  test('one plan serves many servers', async () => {
    const nics = await plan('auto')
    const servers = Array.from({ length: 5 }, newServer)
    await Promise.all(servers.map((server) => plug(server, nics)))
    const found = await nicsOf(cloud.ctx.db, servers)
    expect(new Set(servers.map((server) => found.get(server)![0]!.fixedIps[0]!.address)).size).toBe(5)
    for (const serverId of servers) await within((tx) => unplugNics(cloud.ctx, tx, { serverId }))
  })

  test('a given port is taken, and freed at the end', async () => {
    const demo = cloud.as('demo')
    const [network] = (await demo.get(`${api}/networks?name=private`)).body.networks
    const { port } = (await demo.post(`${api}/ports`, { port: { network_id: network.id } })).body
    const server = newServer()
    const nics = await plan([{ portId: port.id }])
    await plug(server, nics)
    await expect(plan([{ portId: port.id }])).rejects.toMatchObject({ kind: 'conflict', message: `Port ${port.id} is still in use.` })
    await expect(plug(newServer(), nics)).rejects.toMatchObject({ kind: 'conflict' })
    await within((tx) => unplugNics(cloud.ctx, tx, { serverId: server }))
    expect((await demo.get(`${api}/ports/${port.id}`)).body.port).toMatchObject({ device_id: '', device_owner: '', status: 'DOWN' })
    await demo.delete(`${api}/ports/${port.id}`)
  })

  test('what can not be plugged is refused in nova’s words', async () => {
    const demo = cloud.as('demo')
    const [network] = (await demo.get(`${api}/networks?name=private`)).body.networks
    const [outside] = (await demo.get(`${api}/networks?name=public`)).body.networks
    const nobody = '00000000-0000-4000-8000-000000000000'
    const bare = (await demo.post(`${api}/networks`, { network: {} })).body.network
    await expect(plan([{ networkId: nobody }])).rejects.toMatchObject({ kind: 'invalid', message: `Network ${nobody} could not be found.` })
    await expect(plan([{ networkId: network.id }], { user: 'alt_demo' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(plan([{ portId: nobody }])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(plan([{ networkId: bare.id }])).rejects.toMatchObject({
      message: `Network ${bare.id} requires a subnet in order to boot instances on.`,
    })
    await expect(plan([{ networkId: outside.id }])).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(plan([{ networkId: network.id, fixedIp: '10.0.0.1' }])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(plan([{ networkId: network.id, fixedIp: '192.168.0.1' }])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(plan([{ networkId: network.id }], { securityGroups: ['nonsense'] })).rejects.toMatchObject({
      message: 'Security group nonsense not found.',
    })
    await expect(plan('auto', { user: 'alt_demo' })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await plan([], { user: 'alt_demo' })).toEqual([])
    expect(await plan('none')).toEqual([])
    expect(await plan([{ networkId: network.id, fixedIp: '10.0.0.33' }, { networkId: network.id }])).toHaveLength(2)
    const group = (await demo.post(`${api}/security-groups`, { security_group: { name: 'web' } })).body.security_group
    expect(await plan([{ networkId: network.id }], { securityGroups: ['web'] })).toMatchObject([{ securityGroupIds: [group.id] }])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { until } from '../../../test/helpers/until.ts'
import { forWork } from '../../kernel/context.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { allocationsOf, claim, release, usageOf } from '../../placement/contract.ts'
import { receiveHostReports } from './receive-reports.ts'
import { hostByName, hostIsUp, hostsByProviderId } from './store.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const v = '/compute/v2.1'

describe.each(databases)('hosts on %s', (database) => {
  const cloud = useCloud(database)
  const resources = { vcpus: 8, memoryMb: 8192, diskGb: 100 }
  const work = () => forWork(cloud.ctx, 'req-hosts')
  const report = (agent: string, names: readonly string[], more: object = {}) =>
    cloud.ctx.messaging.send('nova-hosts', {
      id: cloud.ctx.ids.uuid(),
      body: { agent, hosts: names.map((name) => ({ name, driver: 'sim', resources, ...more })) },
    })
  const known = (name: string) => until(() => hostByName(cloud.ctx.db, name), { what: `host ${name}` })
  // Hosts of which no agent speaks any more are down after eight seconds; these are spoken of all the time.
  const names = ['h1', 'h2', 'h3']
  let speaking: NodeJS.Timeout
  beforeAll(async () => {
    speaking = setInterval(() => void report('agent-1', names).catch(() => {}), 1000)
    await report('agent-1', names)
    for (const name of names) await known(name)
  })
  afterAll(() => clearInterval(speaking))

  test('a host that reports is there, up, and has its resources in placement', async () => {
    const host = await known('h1')
    expect(host).toMatchObject({
      name: 'h1',
      driver: 'sim',
      vcpus: 8,
      memoryMb: 8192,
      diskGb: 100,
      zone: 'nova',
      up: true,
      disabled: false,
    })
    expect(await hostIsUp(cloud.ctx.db, 'h1')).toBe(true)
    expect(await hostIsUp(cloud.ctx.db, 'nowhere')).toBe(false)
    expect((await hostsByProviderId(cloud.ctx.db, [host.id, 'none'])).get(host.id)?.name).toBe('h1')
    const usage = (await usageOf(cloud.ctx.db, [host.id])).get(host.id)!
    expect(usage['VCPU']).toMatchObject({ total: 8, capacity: 32 })
    expect(usage['MEMORY_MB']).toMatchObject({ total: 8192, capacity: 8192 })
  })

  test('a host that changes is changed, and keeps its id', async () => {
    const before = await known('h1')
    await report('agent-2', ['h1'], { resources: { vcpus: 16, memoryMb: 8192, diskGb: 100 } })
    await until(async () => (await known('h1')).vcpus === 16)
    const after = await known('h1')
    expect(after.id).toBe(before.id)
    expect((await usageOf(cloud.ctx.db, [after.id])).get(after.id)!['VCPU']).toMatchObject({ total: 16 })
    await until(async () => (await known('h1')).vcpus === 8)
  })

  test('two controllers that hear of the same new hosts make each once', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ name: `many-${index}`, driver: 'sim', resources }))
    const shuffled = many.toReversed()
    await Promise.all([
      receiveHostReports(work(), { agent: 'a', hosts: many }),
      receiveHostReports(work(), { agent: 'a', hosts: shuffled }),
    ])
    const rows = await cloud.ctx.db.selectFrom('nova_hosts').select('id').where('name', 'like', 'many-%').execute()
    expect(rows).toHaveLength(120)
    expect(
      (
        await usageOf(
          cloud.ctx.db,
          rows.map((row) => row.id),
        )
      ).size,
    ).toBe(120)
  })

  test('a report that can not be read keeps nobody waiting', async () => {
    await cloud.ctx.messaging.send('nova-hosts', { id: cloud.ctx.ids.uuid(), body: { agent: 1 } })
    await report('agent-1', ['after-nonsense'])
    await known('after-nonsense')
  })

  test('compute services are listed, of hosts and of controllers', async () => {
    const all = () => cloud.as('admin').get(`${v}/os-services`, at('2.53'))
    await until(async () => (await all()).body.services.filter((service: any) => service.zone === 'internal').length === 2)
    const { services } = (await all()).body
    expect(services).toContainEqual(
      expect.objectContaining({ binary: 'nova-conductor', host: 'controller-1', zone: 'internal', state: 'up', status: 'enabled' }),
    )
    expect(services).toContainEqual(expect.objectContaining({ binary: 'nova-scheduler', host: 'controller-1' }))
    const one = await cloud.as('admin').get(`${v}/os-services?host=h1&binary=nova-compute`)
    expect(one.body.services).toEqual([
      {
        id: expect.any(Number),
        binary: 'nova-compute',
        host: 'h1',
        zone: 'nova',
        state: 'up',
        status: 'enabled',
        updated_at: expect.any(String),
        disabled_reason: null,
      },
    ])
    expect((await cloud.as('demo').get(`${v}/os-services`)).status).toBe(403)
  })

  test('a service is disabled and enabled, as before 2.53 and since', async () => {
    const target = { host: 'h2', binary: 'nova-compute' }
    const put = (action: string, more = {}, headers = {}) =>
      cloud.as('admin').put(`${v}/os-services/${action}`, { ...target, ...more }, headers)
    const logged = await put('disable-log-reason', { disabled_reason: 'repair' })
    expect(logged.body).toEqual({ service: { ...target, status: 'disabled', disabled_reason: 'repair' } })
    expect(await known('h2')).toMatchObject({ disabled: true, disabledReason: 'repair' })
    expect((await put('enable')).body).toEqual({ service: { ...target, status: 'enabled' } })
    expect((await put('disable-log-reason')).status).toBe(400)
    expect((await put('dance')).status).toBe(404)
    expect((await put('force-down', { forced_down: true })).status).toBe(400)
    expect((await put('force-down', { forced_down: true }, at('2.11'))).body).toEqual({ service: { ...target, forced_down: true } })
    expect(await hostIsUp(cloud.ctx.db, 'h2')).toBe(false)
    const missing = await cloud.as('admin').put(`${v}/os-services/enable`, { host: 'x', binary: 'nova-compute' })
    expect(missing.body).toEqual({ itemNotFound: { code: 404, message: 'Could not find binary nova-compute on host x.' } })

    const { serviceId } = await known('h2')
    const change = (body: object, id = serviceId) => cloud.as('admin').put(`${v}/os-services/${id}`, body, at('2.53'))
    const changed = await change({ status: 'disabled', disabled_reason: 'old', forced_down: false })
    expect(changed.body.service).toMatchObject({
      id: serviceId,
      status: 'disabled',
      disabled_reason: 'old',
      forced_down: false,
      state: 'up',
    })
    expect((await change({ status: 'enabled' })).body.service).toMatchObject({ status: 'enabled', disabled_reason: null })
    expect((await change({})).status).toBe(400)
    expect((await change({ status: 'enabled', disabled_reason: 'x' })).status).toBe(400)
    expect((await change({ status: 'enabled' }, 'no-uuid')).body.badRequest.message).toBe('Invalid uuid no-uuid')
    expect((await change({ status: 'enabled' }, cloud.ctx.ids.uuid())).status).toBe(404)
  })

  test('a service that is deleted takes its host along, unless servers are on it', async () => {
    await report('agent-1', ['gone'])
    const host = await known('gone')
    const consumerId = cloud.ctx.ids.uuid()
    const owner = { projectId: cloud.projectId('demo'), userId: cloud.userId('demo') }
    await transaction(work(), 'claim', (tx) => claim(cloud.ctx, tx, { consumerId, ...owner, providerId: host.id, resources: { VCPU: 1 } }))
    const remove = () => cloud.as('admin').delete(`${v}/os-services/${host.serviceId}`, at('2.53'))
    expect((await remove()).status).toBe(409)
    expect((await allocationsOf(cloud.ctx.db, [consumerId])).size).toBe(1)
    await transaction(work(), 'release', (tx) => release(cloud.ctx, tx, { consumerId }))
    expect((await remove()).status).toBe(204)
    expect(await hostByName(cloud.ctx.db, 'gone')).toBeUndefined()
    expect((await remove()).status).toBe(404)
    await report('agent-1', ['gone'])
    expect((await known('gone')).id).not.toBe(host.id)
  })

  test('hypervisors are listed, shown and summed up', async () => {
    const list = await cloud.as('admin').get(`${v}/os-hypervisors`)
    expect(list.body.hypervisors).toContainEqual({
      id: (await known('h1')).number,
      hypervisor_hostname: 'h1',
      state: 'up',
      status: 'enabled',
    })
    const host = await known('h3')
    const old = (await cloud.as('admin').get(`${v}/os-hypervisors/${host.number}`)).body.hypervisor
    expect(old).toMatchObject({
      vcpus: 8,
      memory_mb: 8192,
      local_gb: 100,
      vcpus_used: 0,
      running_vms: 0,
      hypervisor_type: 'sim',
      service: { host: 'h3' },
    })
    expect(JSON.parse(old.cpu_info).arch).toBe('x86_64')
    const newest = (await cloud.as('admin').get(`${v}/os-hypervisors/${host.id}?with_servers=true`, at('2.88'))).body.hypervisor
    expect(newest).toMatchObject({
      id: host.id,
      servers: [],
      uptime: expect.stringContaining('load average'),
      service: { id: host.serviceId },
    })
    expect(newest.vcpus).toBeUndefined()
    const sums = (await cloud.as('admin').get(`${v}/os-hypervisors/statistics`)).body.hypervisor_statistics
    expect(sums.vcpus).toBe(sums.count * 8)
    expect((await cloud.as('admin').get(`${v}/os-hypervisors/statistics`, at('2.88'))).status).toBe(404)
    expect((await cloud.as('admin').get(`${v}/os-hypervisors/${host.number}/uptime`)).body.hypervisor.uptime).toContain('up 0 days')
    expect((await cloud.as('admin').get(`${v}/os-hypervisors/h3/search`)).body.hypervisors).toHaveLength(1)
    expect((await cloud.as('admin').get(`${v}/os-hypervisors/zzz/search`)).status).toBe(404)
    expect((await cloud.as('admin').get(`${v}/os-hypervisors/compute1`)).body.itemNotFound.message).toBe(
      "Hypervisor with ID 'compute1' could not be found.",
    )
    expect(
      (await cloud.as('admin').get(`${v}/os-hypervisors?hypervisor_hostname_pattern=h3`, at('2.53'))).body.hypervisors.map(
        (one: any) => one.id,
      ),
    ).toEqual([host.id])
    expect((await cloud.as('demo').get(`${v}/os-hypervisors`)).body.forbidden.message).toBe(
      "Policy doesn't allow os_compute_api:os-hypervisors:list to be performed.",
    )
  })

  test('a list of hypervisors has pages since 2.33', async () => {
    const first = await cloud.as('admin').get(`${v}/os-hypervisors?limit=2`, at('2.53'))
    expect(first.body.hypervisors).toHaveLength(2)
    const next = new URL(first.body.hypervisors_links[0].href)
    const second = await cloud.as('admin').get(next.pathname + next.search, at('2.53'))
    expect(second.body.hypervisors[0].id).not.toBe(first.body.hypervisors[1].id)
    expect((await cloud.as('admin').get(`${v}/os-hypervisors?marker=x`, at('2.53'))).status).toBe(400)
  })

  test('everyone sees the zones, an admin their hosts', async () => {
    const zones = await cloud.as('demo').get(`${v}/os-availability-zone`)
    expect(zones.body).toEqual({ availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }] })
    expect((await cloud.as('demo').get(`${v}/os-availability-zone/detail`)).status).toBe(403)
    const detail = (await cloud.as('admin').get(`${v}/os-availability-zone/detail`)).body.availabilityZoneInfo
    expect(detail.map((zone: any) => zone.zoneName)).toEqual(['internal', 'nova'])
    expect(detail[1].hosts.h1['nova-compute']).toMatchObject({ available: true, active: true })
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { forWork } from '../../kernel/context.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { chargeQuota, releaseQuota, type Charge } from './charge.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })

describe.each(databases)('quotas on %s', (database) => {
  const cloud = useCloud(database)
  const path = (name: string, more = '') => `/compute/v2.1/os-quota-sets/${cloud.projectId(name)}${more}`
  const charge = (project: string, what: Charge) =>
    transaction(forWork(cloud.ctx, 'req-charge'), 'charge', (tx) => chargeQuota(cloud.ctx, tx, cloud.projectId(project), what))
  const release = (project: string, what: Charge) =>
    transaction(forWork(cloud.ctx, 'req-release'), 'release', (tx) => releaseQuota(cloud.ctx, tx, cloud.projectId(project), what))

  test('a project has the default limits, and shows those of its time', async () => {
    const old = await cloud.as('demo_reader').get(path('demo'))
    expect(old.status).toBe(200)
    expect(old.body.quota_set).toEqual({
      id: cloud.projectId('demo'),
      instances: 10,
      cores: 20,
      ram: 51200,
      metadata_items: 128,
      key_pairs: 100,
      server_groups: 10,
      server_group_members: 10,
      floating_ips: -1,
      fixed_ips: -1,
      security_groups: -1,
      security_group_rules: -1,
      injected_files: 5,
      injected_file_content_bytes: 10240,
      injected_file_path_bytes: 255,
    })
    const newest = await cloud.as('demo').get(path('demo', '/defaults'), at('2.57'))
    expect(Object.keys(newest.body.quota_set).toSorted()).toEqual([
      'cores',
      'id',
      'instances',
      'key_pairs',
      'metadata_items',
      'ram',
      'server_group_members',
      'server_groups',
    ])
  })

  test("another project is none of a member's business, and there must be one", async () => {
    expect((await cloud.as('demo').get(path('alt_demo'))).status).toBe(403)
    expect((await cloud.as('demo').put(path('demo'), { quota_set: { cores: 1 } })).status).toBe(403)
    expect((await cloud.as('admin').get(path('alt_demo'))).status).toBe(200)
    const none = await cloud.as('admin').get('/compute/v2.1/os-quota-sets/none')
    expect([none.status, none.body.badRequest.message]).toEqual([400, 'Project ID none is not a valid project.'])
  })

  test('an admin changes limits and puts them back', async () => {
    const changed = await cloud.as('admin').put(path('alt_demo'), { quota_set: { instances: '50', cores: -1 } })
    expect(changed.body.quota_set).toMatchObject({ instances: 50, cores: -1, ram: 51200 })
    expect(changed.body.quota_set.id).toBeUndefined()
    expect((await cloud.as('alt_demo').get(path('alt_demo'))).body.quota_set).toMatchObject({ instances: 50, cores: -1 })
    expect((await cloud.as('admin').delete(path('alt_demo'))).status).toBe(202)
    expect((await cloud.as('alt_demo').get(path('alt_demo'))).body.quota_set.instances).toBe(10)
  })

  test.each([
    [{ instances: -2 }, 'Invalid input for field/attribute instances. Value: -2. -2 is less than the minimum of -1'],
    [{ instances: '99999999999' }, 'Quota limit 99999999999 for instances must be in the range of -1 and 2147483647.'],
    [{ bogus: 1 }, "Additional properties are not allowed ('bogus' was unexpected)"],
  ])('%j is refused', async (quota_set, message) => {
    const { status, body } = await cloud.as('admin').put(path('demo'), { quota_set })
    expect([status, body.badRequest.message]).toEqual([400, expect.stringContaining(message)])
  })

  test('no more is used than there may be, however many ask at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => charge('demo', { instances: 1, cores: 1, ramMb: 512 })))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(10)
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')!
    expect(refused.reason.message).toBe('Quota exceeded for instances: Requested 1, but already used 10 of 10 instances')
    const detail = await cloud.as('demo').get(path('demo', '/detail'))
    expect(detail.body.quota_set).toMatchObject({
      instances: { in_use: 10, limit: 10, reserved: 0 },
      cores: { in_use: 10, limit: 20 },
      ram: { in_use: 5120 },
    })
    const limits = await cloud.as('demo').get('/compute/v2.1/limits')
    expect(limits.body.limits.absolute).toMatchObject({
      totalInstancesUsed: 10,
      maxTotalInstances: 10,
      totalRAMUsed: 5120,
      maxImageMeta: 128,
    })
    const tooLow = await cloud.as('admin').put(path('demo'), { quota_set: { instances: 5 } })
    expect(tooLow.body.badRequest.message).toBe(
      'Quota limit 5 for instances must be greater than or equal to already used and reserved 10.',
    )
    expect((await cloud.as('admin').put(path('demo'), { quota_set: { instances: 5, force: true } })).status).toBe(200)
    await Promise.all(Array.from({ length: 10 }, () => release('demo', { instances: 1, cores: 1, ramMb: 512 })))
    await expect(charge('demo', { instances: 1, cores: 21, ramMb: 60000 })).rejects.toThrow(
      'Quota exceeded for cores,ram: Requested 21, but already used 0 of 20 cores,ram',
    )
    expect((await cloud.as('demo').get(path('demo', '/detail'))).body.quota_set.instances.in_use).toBe(0)
  })

  test('the default class counts for everyone without limits of their own', async () => {
    const changed = await cloud.as('admin').put('/compute/v2.1/os-quota-class-sets/default', { quota_class_set: { ram: 1000 } }, at('2.50'))
    expect(changed.body.quota_class_set).toMatchObject({ ram: 1000, server_groups: 10 })
    expect((await cloud.as('alt_demo').get(path('alt_demo'))).body.quota_set.ram).toBe(1000)
    const shown = await cloud.as('admin').get('/compute/v2.1/os-quota-class-sets/default')
    expect(shown.body.quota_class_set).toMatchObject({ id: 'default', ram: 1000 })
    expect(shown.body.quota_class_set.server_groups).toBeUndefined()
    expect((await cloud.as('demo').get('/compute/v2.1/os-quota-class-sets/default')).status).toBe(403)
  })

  test('limits shrink with the versions; those of others are for admins', async () => {
    const { body } = await cloud.as('demo').get('/compute/v2.1/limits?reserved=1', at('2.57'))
    expect(body.limits.rate).toEqual([])
    expect(Object.keys(body.limits.absolute)).toHaveLength(11)
    const other = `/compute/v2.1/limits?tenant_id=${cloud.projectId('alt_demo')}`
    expect((await cloud.as('demo').get(other)).status).toBe(403)
    expect((await cloud.as('admin').get(other)).status).toBe(200)
  })
})

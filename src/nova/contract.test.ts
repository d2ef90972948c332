import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../test/helpers/a-cloud.ts'
import { transaction } from '../kernel/sql/transaction.ts'
import { seedCompute } from './contract.ts'

describe.each(databases)('a new cloud on %s', (database) => {
  const cloud = useCloud(database)

  test('has the flavors that DevStack users know, and keeps what an operator made of them', async () => {
    const seed = () => transaction(cloud.ctx, 'seed', (tx) => seedCompute(cloud.ctx, tx))
    await seed()
    await cloud
      .as('admin')
      .put('/compute/v2.1/flavors/1', { flavor: { description: 'small' } }, { 'openstack-api-version': 'compute 2.55' })
    await seed()
    const { flavors } = (await cloud.as('demo').get('/compute/v2.1/flavors/detail', { 'openstack-api-version': 'compute 2.55' })).body
    expect(flavors.map((flavor: any) => `${flavor.id} ${flavor.name} ${flavor.ram}/${flavor.vcpus}/${flavor.disk}`)).toEqual([
      '1 m1.tiny 512/1/1',
      '2 m1.small 2048/1/20',
      '3 m1.medium 4096/2/40',
      '4 m1.large 8192/4/80',
      '42 m1.nano 128/1/1',
      '5 m1.xlarge 16384/8/160',
      '84 m1.micro 192/1/1',
      'c1 cirros256 256/1/1',
      'd1 ds512M 512/1/5',
      'd2 ds1G 1024/1/10',
      'd3 ds2G 2048/2/10',
      'd4 ds4G 4096/4/20',
    ])
    expect(flavors[0].description).toBe('small')
  })
})

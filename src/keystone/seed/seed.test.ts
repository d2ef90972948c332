import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { seedTestCloud } from '../../../test/helpers/test-identity.ts'
import { projectById } from '../contract.ts'

describe.each(databases)('the seed on %s', (database) => {
  const cloud = useCloud(database)
  const count = async (table: 'keystone_users' | 'keystone_endpoints' | 'keystone_assignments' | 'keystone_keys') =>
    Number(
      (
        await cloud.ctx.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )

  test('sown again, even twice at once, it changes nothing and gives the same ids', async () => {
    const counts = () =>
      Promise.all([count('keystone_users'), count('keystone_endpoints'), count('keystone_assignments'), count('keystone_keys')])
    const before = await counts()
    const seeded = await Promise.all([seedTestCloud(cloud.ctx), seedTestCloud(cloud.ctx)])
    expect(await counts()).toEqual(before)
    for (const { projectIds, userIds } of seeded)
      expect([projectIds['demo'], userIds['admin']]).toEqual([cloud.projectId('demo'), cloud.userId('admin')])
  })

  test('other services find projects, and take no domain for one', async () => {
    expect(await projectById(cloud.ctx.db, cloud.projectId('demo'))).toEqual({
      id: cloud.projectId('demo'),
      name: 'demo',
      domainId: 'default',
      enabled: true,
    })
    expect(await projectById(cloud.ctx.db, 'default')).toBeUndefined()
    expect(await projectById(cloud.ctx.db, 'nosuch')).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../test/helpers/a-cloud.ts'

describe.each(databases)('requests that come again on %s', (database) => {
  const cloud = useCloud(database)
  const create = (name: string, key?: string) =>
    cloud.as('demo').post('/networking/v2.0/security-groups', { security_group: { name } }, key ? { 'idempotency-key': key } : {})

  test('a refusal is an answer too: what was refused is not done later', async () => {
    const { body } = await create('default')
    expect(body.NeutronError.type).toBe('SecurityGroupDefaultAlreadyExists')
    const quota = (security_group: number) =>
      cloud.as('admin').put(`/networking/v2.0/quotas/${cloud.projectId('demo')}`, { quota: { security_group } })
    await quota(1)
    const refused = await create('late', 'the same')
    expect(refused.status).toBe(409)
    await quota(10)
    const again = await create('late', 'the same')
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([409, refused.body, 'true'])
    expect((await create('late', 'another')).status).toBe(201)
    const { body: all } = await cloud.as('demo').get('/networking/v2.0/security-groups?name=late')
    expect(all.security_groups).toHaveLength(1)
  })
})

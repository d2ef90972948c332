import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const api = '/networking/v2.0'

describe.each(databases)('network quotas on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const quotas = () => `${api}/quotas/${cloud.projectId('demo')}`
  const limit = (quota: object) => cloud.as('admin').put(quotas(), { quota })

  test('an admin sets, people see, and nobody else changes a project’s quotas', async () => {
    const demo = cloud.as('demo')
    expect((await demo.get(quotas())).body.quota).toMatchObject({
      network: 100,
      subnet: 100,
      port: 500,
      router: 10,
      floatingip: 50,
      security_group: 10,
      subnetpool: -1,
    })
    expect((await limit({ network: 7, port: '9' })).body.quota).toMatchObject({ network: 7, port: 9, subnet: 100 })
    expect((await demo.get(`${quotas()}/details`)).body.quota.network).toEqual({ limit: 7, used: 0, reserved: 0 })
    expect((await demo.get(`${quotas()}/default`)).body.quota.network).toBe(100)
    expect((await cloud.as('admin').get(`${api}/quotas`)).body.quotas).toEqual([
      expect.objectContaining({ project_id: cloud.projectId('demo'), network: 7 }),
    ])
    expect((await demo.put(quotas(), { quota: { network: 1 } })).status).toBe(403)
    expect((await demo.get(`${api}/quotas`)).status).toBe(403)
    expect((await cloud.as('alt_demo').get(quotas())).status).toBe(403)
    expect((await cloud.as('admin').delete(quotas())).status).toBe(204)
    expect((await demo.get(quotas())).body.quota.network).toBe(100)
    expect((await cloud.as('admin').put(`${api}/quotas/${'x'.repeat(256)}`, { quota: { network: 1 } })).status).toBe(400)
    for (const wrong of [{ network: -2 }, { network: 'x' }, { bogus: 1 }, { network: 1e12 }, { network: null }])
      expect((await limit(wrong)).status).toBe(400)
  })

  test('20 networks asked for at once against a quota of 10 make 10', async () => {
    await limit({ network: 10 })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        cloud.as('demo', { controller: index % 2 }).post(`${api}/networks`, { network: { name: `q${index}` } }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(10)
    const refused = answers.filter((answer) => answer.status === 409)
    expect(refused).toHaveLength(10)
    expect(refused[0]!.body.NeutronError).toEqual({ type: 'OverQuota', message: "Quota exceeded for resources: ['network'].", detail: '' })
    const demo = cloud.as('demo')
    expect((await demo.get(`${quotas()}/details`)).body.quota.network.used).toBe(10)
    expect((await demo.post(`${api}/networks`, { networks: [{}] })).status).toBe(409)
    expect((await demo.delete(`${api}/networks/${answers.find((answer) => answer.status === 201)!.body.network.id}`)).status).toBe(204)
    expect((await demo.post(`${api}/networks`, { network: {} })).status).toBe(201)
    expect((await limit({ network: 3, check_limit: true })).status).toBe(400)
    expect((await limit({ network: -1 })).status).toBe(200)
    expect((await demo.post(`${api}/networks`, { network: {} })).status).toBe(201)
  })

  test('a network’s end gives back the quota of its subnets', async () => {
    const demo = cloud.as('demo')
    const used = async () => (await demo.get(`${quotas()}/details`)).body.quota.subnet.used
    const { network } = (await demo.post(`${api}/networks`, { network: {} })).body
    await demo.post(`${api}/subnets`, {
      subnets: ['10.0.0.0/24', '10.0.1.0/24'].map((cidr) => ({ network_id: network.id, ip_version: 4, cidr })),
    })
    expect(await used()).toBe(2)
    await demo.delete(`${api}/networks/${network.id}`)
    expect(await used()).toBe(0)
  })
})

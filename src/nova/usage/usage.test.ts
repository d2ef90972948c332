import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { isGone, serverIn, serverParts } from '../../../test/helpers/servers.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const base = '/compute/v2.1/os-simple-tenant-usage'

describe.each(databases)('usage on %s', (database) => {
  const cloud = useCloud(database)
  let hosts: ComputeHosts
  const ids: string[] = []
  beforeAll(async () => {
    hosts = await computeHosts(cloud)
    const parts = await serverParts(cloud)
    ids.push(...(await Promise.all([serverIn(cloud, parts), serverIn(cloud, parts, { more: { flavorRef: '1' } })])).toSorted())
    await cloud.as('demo').delete(`/compute/v2.1/servers/${ids[0]}`)
    await isGone(cloud, ids[0]!)
  })
  afterAll(() => hosts.stop())
  const dayOf = (days: number) => new Date(cloud.ctx.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, -1)
  const range = () => `start=${dayOf(-1)}&end=${dayOf(1)}`

  test('a member sees what the servers of his project used, deleted ones too', async () => {
    const { status, body } = await cloud.as('demo_reader').get(`${base}/${cloud.projectId('demo')}?${range()}`)
    expect(status).toBe(200)
    const usages = body.tenant_usage.server_usages
    expect(usages.map((usage: any) => [usage.instance_id, usage.state])).toEqual([
      [ids[0], 'terminated'],
      [ids[1], 'active'],
    ])
    expect(usages[1]).toMatchObject({ tenant_id: cloud.projectId('demo'), vcpus: 1, ended_at: null, started_at: expect.any(String) })
    expect(usages[1].hours).toBeGreaterThan(23.9)
    expect(usages[0].hours).toBeLessThan(0.1)
    expect(body.tenant_usage.total_hours).toBeCloseTo(usages[0].hours + usages[1].hours)
  })

  test("a time without servers is empty, another project is not a member's to see", async () => {
    const before = `start=${dayOf(-3)}&end=${dayOf(-2)}`
    expect((await cloud.as('demo').get(`${base}/${cloud.projectId('demo')}?${before}`)).body).toEqual({ tenant_usage: {} })
    expect((await cloud.as('demo').get(`${base}/${cloud.projectId('alt_demo')}`)).status).toBe(403)
    expect((await cloud.as('demo').get(base)).status).toBe(403)
  })

  test('an admin sees all projects, in detail and in pages where asked', async () => {
    const sums = await cloud.as('admin').get(`${base}?${range()}`)
    expect(sums.body.tenant_usages).toHaveLength(1)
    expect(sums.body.tenant_usages[0].server_usages).toBeUndefined()
    const page = await cloud.as('admin').get(`${base}?${range()}&detailed=1&limit=1`, at('2.40'))
    expect(page.body.tenant_usages[0].server_usages).toHaveLength(1)
    expect(page.body.tenant_usages_links[0].href).toContain(`marker=${ids[0]}`)
    expect((await cloud.as('admin').get(`${base}?marker=${cloud.ctx.ids.uuid()}`, at('2.40'))).status).toBe(400)
  })

  test.each(['start=yesterday', 'start=2020-13-45T00:00:00', 'start=2030-01-01T00:00:00&end=2020-01-01T00:00:00'])(
    '%s is refused',
    async (query) => {
      expect((await cloud.as('admin').get(`${base}?${query}`)).status).toBe(400)
    },
  )
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const v3 = '/identity/v3'

describe.each(databases)('limits on %s', (database) => {
  const cloud = useCloud(database)

  test('an admin registers limits and sets them for projects and domains', async () => {
    const admin = cloud.as('admin')
    const service_id = (await admin.get(`${v3}/services?type=compute`)).body.services[0].id
    const of = { service_id, resource_name: 'servers' }
    const early = await admin.post(`${v3}/limits`, { limits: [{ ...of, project_id: cloud.projectId('demo'), resource_limit: 5 }] })
    expect(early.status).toBe(404)
    const registered = await admin.post(`${v3}/registered_limits`, { registered_limits: [{ ...of, default_limit: 10 }] })
    expect([registered.status, registered.body.registered_limits[0]]).toMatchObject([
      201,
      { ...of, default_limit: 10, region_id: null, description: null },
    ])
    expect((await admin.post(`${v3}/registered_limits`, { registered_limits: [{ ...of, default_limit: 1 }] })).status).toBe(409)
    const body = {
      limits: [
        { ...of, project_id: cloud.projectId('demo'), resource_limit: 5 },
        { ...of, domain_id: 'default', resource_limit: 50 },
      ],
    }
    const made = await admin.post(`${v3}/limits`, body)
    expect([made.status, made.body.limits[0], made.body.limits[1]]).toMatchObject([
      201,
      { project_id: cloud.projectId('demo'), domain_id: null },
      { project_id: null, domain_id: 'default' },
    ])
    expect((await admin.post(`${v3}/limits`, body)).status).toBe(409)
    const own = (await cloud.as('demo').get(`${v3}/limits`)).body.limits
    expect(own.map((one: any) => one.resource_limit)).toEqual([5])
    expect((await cloud.as('alt_demo').get(`${v3}/limits?project_id=${cloud.projectId('demo')}`)).body.limits).toEqual([])
    const path = `${v3}/limits/${made.body.limits[0].id}`
    expect((await cloud.as('alt_demo').get(path)).status).toBe(403)
    expect((await cloud.as('demo').patch(path, { limit: { resource_limit: 99 } })).status).toBe(403)
    expect((await admin.patch(path, { limit: { resource_limit: 6 } })).body.limit.resource_limit).toBe(6)
    const registeredPath = `${v3}/registered_limits/${registered.body.registered_limits[0].id}`
    expect((await admin.delete(registeredPath)).status).toBe(403)
    for (const limit of made.body.limits) expect((await admin.delete(`${v3}/limits/${limit.id}`)).status).toBe(204)
    expect((await admin.patch(registeredPath, { registered_limit: { default_limit: 11 } })).body.registered_limit.default_limit).toBe(11)
    expect((await admin.delete(registeredPath)).status).toBe(204)
    expect((await admin.get(path)).status).toBe(404)
    expect((await cloud.as('demo').get(`${v3}/limits/model`)).body.model.name).toBe('flat')
    expect((await admin.post(`${v3}/limits`, { limits: [{ ...of, resource_limit: 5 }] })).status).toBe(400)
    expect((await admin.post(`${v3}/limits`, { limits: [] })).status).toBe(400)
  })
})

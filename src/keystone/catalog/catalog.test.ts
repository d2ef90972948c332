import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { endpointUrl } from './render.ts'

const v3 = '/identity/v3'

describe.each(databases)('the catalog on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')

  test('services, endpoints and regions are made, shown, changed and removed', async () => {
    const region = await admin().post(`${v3}/regions`, {
      region: { id: 'West Coast', description: 'sunny', parent_region_id: 'RegionOne' },
    })
    expect([region.status, region.body.region]).toEqual([
      201,
      { id: 'West Coast', description: 'sunny', parent_region_id: 'RegionOne', links: { self: `${cloud.url}${v3}/regions/West%20Coast` } },
    ])
    expect((await admin().get(`${v3}/regions/West%20Coast`)).body.region.description).toBe('sunny')
    const service = (await admin().post(`${v3}/services`, { service: { type: 'volumev3', name: 'cinder', color: 'red' } })).body.service
    expect(service).toEqual({
      id: expect.any(String),
      type: 'volumev3',
      name: 'cinder',
      color: 'red',
      enabled: true,
      links: { self: expect.any(String) },
    })
    const body = { service_id: service.id, interface: 'public', url: 'http://volumes/v3/%(project_id)s', region_id: 'West Coast' }
    const endpoint = await admin().post(`${v3}/endpoints`, { endpoint: body })
    expect([endpoint.status, endpoint.body.endpoint]).toEqual([
      201,
      { ...body, id: expect.any(String), region: 'West Coast', enabled: true, links: { self: expect.any(String) } },
    ])
    expect((await admin().get(`${v3}/endpoints?service_id=${service.id}`)).body.endpoints).toEqual([endpoint.body.endpoint])
    expect((await admin().delete(`${v3}/regions/West%20Coast`)).status).toBe(403)

    const volumes = async (user: 'demo' | 'alt_demo') =>
      (await cloud.as(user).get(`${v3}/auth/catalog`)).body.catalog.find((entry: any) => entry.type === 'volumev3')
    expect((await volumes('demo')).endpoints[0].url).toBe(`http://volumes/v3/${cloud.projectId('demo')}`)
    expect((await volumes('alt_demo')).endpoints[0].url).toBe(`http://volumes/v3/${cloud.projectId('alt_demo')}`)

    const path = `${v3}/endpoints/${endpoint.body.endpoint.id}`
    expect((await admin().patch(path, { endpoint: { url: 'http://moved', region: 'NewRegion' } })).body.endpoint).toMatchObject({
      url: 'http://moved',
      region_id: 'NewRegion',
    })
    expect((await volumes('demo')).endpoints[0].url).toBe('http://moved')
    expect((await admin().patch(path, { endpoint: { enabled: false } })).body.endpoint.enabled).toBe(false)
    expect((await volumes('demo')).endpoints).toEqual([])
    expect(
      (await admin().patch(`${v3}/services/${service.id}`, { service: { enabled: false, description: 'off' } })).body.service.description,
    ).toBe('off')
    expect(await volumes('demo')).toBeUndefined()
    expect((await admin().delete(`${v3}/services/${service.id}`)).status).toBe(204)
    expect((await admin().get(path)).body.error.message).toBe(`Could not find endpoint: ${endpoint.body.endpoint.id}.`)
    expect((await admin().delete(`${v3}/regions/West%20Coast`)).status).toBe(204)
    expect((await admin().get(`${v3}/regions/West%20Coast`)).body.error.message).toBe('Could not find region: West Coast.')
  })

  test('bad ones are refused', async () => {
    const cases: [string, object, number][] = [
      ['services', { service: {} }, 400],
      ['services', { service: { type: 'x', enabled: 'True' } }, 400],
      ['endpoints', { endpoint: { service_id: 'nosuch', interface: 'public', url: 'http://x' } }, 400],
      ['endpoints', { endpoint: { service_id: 'nosuch', interface: 'secret', url: 'http://x' } }, 400],
      ['endpoints', { endpoint: { service_id: 'nosuch', interface: 'public', url: 'no address' } }, 400],
      ['regions', { region: { id: 'RegionOne' } }, 409],
      ['regions', { region: { parent_region_id: 'nosuch' } }, 404],
    ]
    for (const [path, body, status] of cases) expect((await admin().post(`${v3}/${path}`, body)).status).toBe(status)
    expect((await cloud.as('demo').get(`${v3}/services`)).status).toBe(403)
    expect((await cloud.as('demo').get(`${v3}/regions`)).body.regions.map((region: any) => region.id)).toContain('RegionOne')
    expect((await cloud.as('demo').post(`${v3}/regions`, { region: {} })).status).toBe(403)
    expect((await admin().put(`${v3}/regions/EU`, { region: { description: 'x' } })).status).toBe(201)
  })

  test('addresses follow the host that the client used', async () => {
    const { body } = await cloud.as('demo').get(`${v3}/auth/catalog`, { 'x-forwarded-proto': 'https' })
    expect(body.catalog.find((entry: any) => entry.type === 'image').endpoints[0].url).toBe(`${cloud.url.replace('http:', 'https:')}/image`)
    expect(
      (await admin().get(`${v3}/endpoints?interface=public`)).body.endpoints.every((endpoint: any) => endpoint.url.startsWith(cloud.url)),
    ).toBe(true)
  })
})

test('who came to a native port finds the others at theirs', () => {
  const native = { rootUrl: 'http://cloud:5000', baseUrl: 'http://cloud:5000' }
  expect(endpointUrl('$(root_url)s/compute/v2.1', native, { userId: 'u' })).toBe('http://cloud:8774/v2.1')
  expect(endpointUrl('$(root_url)s/identity', native, { userId: 'u' })).toBe('http://cloud:5000')
  const prefixed = { rootUrl: 'http://cloud', baseUrl: 'http://cloud/identity' }
  expect(endpointUrl('$(root_url)s/compute/v2.1', prefixed, { userId: 'u' })).toBe('http://cloud/compute/v2.1')
  expect(endpointUrl('http://x/%(tenant_id)s', prefixed, { userId: 'u' })).toBeUndefined()
})

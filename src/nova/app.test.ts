import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../test/helpers/a-cloud.ts'

describe.each(databases.slice(0, 1))('the front of nova', (database) => {
  const cloud = useCloud(database)

  test('anyone may read which versions there are', async () => {
    const { status, body } = await cloud.anonymous.get('/compute/')
    expect(status).toBe(200)
    expect(body.versions.map((version: any) => [version.id, version.version])).toEqual([
      ['v2.0', ''],
      ['v2.1', '2.96'],
    ])
    expect(body.versions[1].links[0].href).toBe(`${cloud.url}/compute/v2.1/`)
    const one = await cloud.anonymous.get('/compute/v2.1/')
    expect(one.status).toBe(200)
    expect(one.body.version).toMatchObject({ id: 'v2.1', min_version: '2.1', version: '2.96' })
    expect(one.headers.get('openstack-api-version')).toBe('compute 2.1')
    expect((await cloud.anonymous.get('/compute/v2')).body.version.id).toBe('v2.0')
  })

  test("without a token every path asks for one, in keystone's words", async () => {
    const { status, body, headers } = await cloud.anonymous.get('/compute/v2.1/flavors')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(`Keystone uri="${cloud.url}/identity"`)
    expect(headers.get('x-compute-request-id')).toBe(headers.get('x-openstack-request-id'))
    expect(body).toEqual({ error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } })
  })

  test('a path or a method that there is not is a page that says 404', async () => {
    for (const reply of [await cloud.as('demo').get('/compute/v2.1/nosuchpath'), await cloud.as('demo').delete('/compute/v2.1/flavors')]) {
      expect(reply.status).toBe(404)
      expect(reply.headers.get('content-type')).toBe('text/html; charset=UTF-8')
      expect(reply.body).toContain('<h1>404 Not Found</h1>')
    }
  })

  test('a version that there is not is refused with the range', async () => {
    const tooHigh = await cloud.as('demo').get('/compute/v2.1/flavors', { 'openstack-api-version': 'compute 2.999' })
    expect(tooHigh.status).toBe(406)
    expect(tooHigh.body.computeFault.message).toBe('Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.96.')
    expect(tooHigh.headers.get('x-openstack-nova-api-version')).toBe('2.999')
    const noVersion = await cloud.as('demo').get('/compute/v2.1/flavors', { 'x-openstack-nova-api-version': 'x' })
    expect(noVersion.status).toBe(400)
    expect(noVersion.body).toEqual({
      badRequest: { code: 400, message: 'API Version String x is of invalid format. Must be of format MajorNum.MinorNum.' },
    })
  })
})

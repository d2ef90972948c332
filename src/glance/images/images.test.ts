import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage } from '../../../test/helpers/image-files.ts'

const patchType = { 'content-type': 'application/openstack-images-v2.1-json-patch' }

describe.each(databases)('images on %s', (database) => {
  const cloud = useCloud(database)
  const demo = () => cloud.as('demo')
  const patch = (
    id: string,
    operations: unknown,
    user: Parameters<typeof cloud.as>[0] = 'demo',
    type: Record<string, string> = patchType,
  ) => cloud.as(user).patch(`/image/v2/images/${id}`, operations, type)

  test('everyone may ask which versions there are', async () => {
    const { status, body } = await cloud.anonymous.get('/image')
    expect(status).toBe(300)
    expect(body.versions[0]).toEqual({ id: 'v2.16', status: 'CURRENT', links: [{ rel: 'self', href: `${cloud.url}/image/v2/` }] })
    expect((await cloud.anonymous.get('/image/versions')).status).toBe(200)
  })

  test('a new image waits for its bytes', async () => {
    const { status, headers, body } = await demo().post('/image/v2/images', {
      name: 'rawimg',
      disk_format: 'raw',
      container_format: 'bare',
      hw_disk_bus: 'virtio',
      tags: ['b', 'a', 'b'],
    })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${cloud.url}/image/v2/images/${body.id}`)
    expect(headers.get('openstack-image-import-methods')).toBe('glance-direct,web-download,copy-image')
    expect(body).toEqual({
      hw_disk_bus: 'virtio',
      name: 'rawimg',
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'shared',
      size: null,
      virtual_size: null,
      status: 'queued',
      checksum: null,
      protected: false,
      min_ram: 0,
      min_disk: 0,
      owner: cloud.projectId('demo'),
      os_hidden: false,
      os_hash_algo: null,
      os_hash_value: null,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      updated_at: body.created_at,
      tags: ['a', 'b'],
      self: `/v2/images/${body.id}`,
      file: `/v2/images/${body.id}/file`,
      schema: '/v2/schemas/image',
    })
    expect((await demo().get(`/image/v2/images/${body.id}`)).body).toEqual(body)
  })

  test('an image may bring its own id, once', async () => {
    const id = '0ae74cc5-5147-4239-9ce2-b0c580f7067e'
    expect(await anImage(demo(), { id })).toBe(id)
    const again = await demo().post('/image/v2/images', { id })
    expect(again.status).toBe(409)
    expect(again.body).toContain(`Image ID ${id} already exists!`)
    expect((await demo().delete(`/image/v2/images/${id}`)).status).toBe(204)
    expect((await demo().post('/image/v2/images', { id })).status).toBe(409)
  })

  test.each([
    [{ disk_format: 'nope' }, 400, 'is not one of [None, &#x27;ami&#x27;'],
    [{ name: 'n'.repeat(256) }, 400, 'is too long'],
    [{ name: 5 }, 400, '5 is not of type &#x27;null&#x27;, &#x27;string&#x27;'],
    [{ id: 'mine' }, 400, 'does not match'],
    [{ min_disk: -1 }, 400, 'Cannot be a negative value'],
    [{ min_ram: 2 ** 31 }, 400, 'Cannot be greater than'],
    [{ min_ram: 1.5 }, 400, 'is not of type &#x27;integer&#x27;'],
    [{ hw_vif_multiqueue: true }, 400, 'True is not of type &#x27;string&#x27;'],
    [['not', 'an', 'object'], 400, 'is not of type &#x27;object&#x27;'],
    [{ ['p'.repeat(256)]: 'x' }, 400, 'Custom property should not be greater than 255'],
    [{ status: 'active' }, 403, 'Attribute &#x27;status&#x27; is read-only.'],
    [{ self: '/x' }, 403, 'is read-only'],
    [{ deleted: 'true' }, 403, 'Attribute &#x27;deleted&#x27; is reserved.'],
    [{ os_glance_import_task: 'x' }, 403, 'is reserved'],
    [{ locations: [] }, 403, 'locations'],
    [{ visibility: 'public' }, 403, 'You are not authorized to complete publicize_image action.'],
    [{ owner: 'somebody' }, 403, 'You are not permitted to create images owned by &#x27;somebody&#x27;.'],
    [{ tags: Array.from({ length: 129 }, (_, n) => `t${n}`) }, 413, 'Attempted: 129, Maximum: 128'],
    [Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`p${n}`, 'x'])), 413, 'Attempted: 129, Maximum: 128'],
  ])('a new image with %j is refused with %i', async (body, status, words) => {
    const answer = await demo().post('/image/v2/images', body)
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(words)])
  })

  test('refusals are pages of HTML as glance writes them, or JSON for those who want only that', async () => {
    const page = await demo().get('/image/v2/images/nosuch')
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(page.headers.get('content-length')).toBe('151')
    expect(page.body).toContain('<h1>404 Not Found</h1>\n  No image found with ID nosuch<br /><br />')
    const json = await demo().get('/image/v2/images/nosuch', { accept: 'application/json' })
    expect(json.body).toMatchObject({ code: '404 Not Found', title: 'Not Found' })
    const nobody = await cloud.anonymous.get('/image/v2/images')
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, `Keystone uri="${cloud.url}/identity"`])
    expect(nobody.headers.get('content-length')).toBe('358')
  })

  test('readers look and members change', async () => {
    const id = await anImage(demo())
    const reader = cloud.as('demo_reader')
    expect((await reader.get(`/image/v2/images/${id}`)).status).toBe(200)
    const refused = await reader.post('/image/v2/images', {})
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('You are not authorized to complete add_image action.')])
    expect((await reader.delete(`/image/v2/images/${id}`)).status).toBe(403)
    expect((await patch(id, [], 'demo_reader')).status).toBe(403)
  })

  test('what another project keeps private does not exist', async () => {
    const id = await anActiveImage(demo(), { visibility: 'private' })
    const other = cloud.as('alt_demo')
    const asked = [
      await other.get(`/image/v2/images/${id}`),
      await other.get(`/image/v2/images/${id}/file`),
      await other.delete(`/image/v2/images/${id}`),
      await patch(id, [], 'alt_demo'),
      await other.put(`/image/v2/images/${id}/tags/x`),
      await other.post(`/image/v2/images/${id}/actions/deactivate`),
      await other.get(`/image/v2/images/${id}/members`),
    ]
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 404))
    expect((await cloud.as('admin').get(`/image/v2/images/${id}`)).status).toBe(200)
  })

  test('public and community images are for all to see and for their owner to change', async () => {
    const id = await anImage(cloud.as('admin'), { visibility: 'public' })
    const community = await anImage(demo(), { visibility: 'community' })
    const other = cloud.as('alt_demo')
    for (const seen of [id, community]) {
      expect((await other.get(`/image/v2/images/${seen}`)).status).toBe(200)
      const refused = await patch(seen, [{ op: 'add', path: '/x', value: 'y' }], 'alt_demo')
      expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('modify_image')])
      expect((await other.delete(`/image/v2/images/${seen}`)).status).toBe(403)
    }
  })

  test('an admin gives an image away', async () => {
    const id = await anImage(demo(), { visibility: 'private' })
    expect((await patch(id, [{ op: 'replace', path: '/owner', value: cloud.projectId('alt_demo') }], 'admin')).status).toBe(200)
    expect((await demo().get(`/image/v2/images/${id}`)).status).toBe(404)
    expect((await cloud.as('alt_demo').get(`/image/v2/images/${id}`)).status).toBe(200)
  })

  test('a deleted image is gone, a protected one can not be deleted', async () => {
    const id = await anActiveImage(demo(), { protected: true })
    const refused = await demo().delete(`/image/v2/images/${id}`)
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining(`Image ${id} is protected and cannot be deleted.`)])
    await patch(id, [{ op: 'replace', path: '/protected', value: false }])
    expect((await demo().delete(`/image/v2/images/${id}`)).status).toBe(204)
    expect((await demo().get(`/image/v2/images/${id}`)).status).toBe(404)
    const again = await demo().delete(`/image/v2/images/${id}`)
    expect([again.status, again.body]).toEqual([404, expect.stringContaining(`Failed to find image ${id} to delete`)])
  })

  test('an empty id names no image', async () => {
    for (const answer of [await demo().get('/image/v2/images/'), await demo().delete('/image/v2/images/')])
      expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('The resource could not be found.')])
    expect((await demo().get('/image/v2/images')).status).toBe(200)
  })

  test('tags come and go one by one', async () => {
    const id = await anImage(demo())
    expect((await demo().put(`/image/v2/images/${id}/tags/one%2Ftwo`)).status).toBe(204)
    expect((await demo().put(`/image/v2/images/${id}/tags/one%2Ftwo`)).status).toBe(204)
    expect((await demo().get(`/image/v2/images/${id}`)).body.tags).toEqual(['one/two'])
    expect((await demo().delete(`/image/v2/images/${id}/tags/one%2Ftwo`)).status).toBe(204)
    expect((await demo().delete(`/image/v2/images/${id}/tags/one%2Ftwo`)).status).toBe(404)
    expect((await demo().put(`/image/v2/images/${id}/tags/${'t'.repeat(256)}`)).status).toBe(400)
  })

  test('no more than 128 tags, however many come at once', async () => {
    const id = await anImage(demo(), { tags: Array.from({ length: 124 }, (_, n) => `t${n}`) })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => demo().put(`/image/v2/images/${id}/tags/new${n}`)))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(4)
    expect(answers.filter(({ status }) => status === 413)).toHaveLength(4)
  })

  test('a deactivated image keeps its bytes to itself until it is reactivated', async () => {
    const id = await anActiveImage(demo())
    for (const _ of [1, 2]) expect((await demo().post(`/image/v2/images/${id}/actions/deactivate`)).status).toBe(204)
    expect((await demo().get(`/image/v2/images/${id}`)).body.status).toBe('deactivated')
    const refused = await demo().get(`/image/v2/images/${id}/file`)
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('The requested image has been deactivated.')])
    expect((await cloud.as('admin').get(`/image/v2/images/${id}/file`)).status).toBe(200)
    expect((await demo().post(`/image/v2/images/${id}/actions/reactivate`)).status).toBe(204)
    expect((await demo().get(`/image/v2/images/${id}/file`)).status).toBe(200)
    const queued = await demo().post(`/image/v2/images/${await anImage(demo())}/actions/deactivate`)
    expect([queued.status, queued.body]).toEqual([
      403,
      expect.stringContaining('Not allowed to deactivate image in status &#x27;queued&#x27;'),
    ])
  })

  test('the schemas say what an image and a member are made of', async () => {
    for (const name of ['image', 'images', 'member', 'members']) {
      const { status, body } = await demo().get(`/image/v2/schemas/${name}`)
      expect([status, body.name]).toEqual([200, name])
    }
    expect((await demo().get('/image/v2/info/import')).body['import-methods'].value).toEqual([
      'glance-direct',
      'web-download',
      'copy-image',
    ])
    expect((await demo().get('/image/v2/info/stores')).body.stores[0].id).toBe('file')
    expect((await demo().get('/image/v2/info/stores/detail')).status).toBe(403)
  })
})

import { describe, expect, test } from 'vitest'
import { useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage } from '../../../test/helpers/image-files.ts'

describe('the one store', () => {
  const cloud = useCloud('postgres')
  const demo = () => cloud.as('demo')

  test('clients learn what there is', async () => {
    expect((await demo().get('/image/v2/info/stores')).body).toEqual({
      stores: [{ id: 'file', description: expect.any(String), default: 'true' }],
    })
    expect((await demo().get('/image/v2/info/stores/detail')).status).toBe(403)
    expect((await cloud.as('admin').get('/image/v2/info/stores/detail')).body.stores[0]).toMatchObject({
      id: 'file',
      type: 'file',
      weight: 0,
    })
    expect((await demo().get('/image/v2/info/import')).body['import-methods'].value).toEqual([
      'glance-direct',
      'web-download',
      'copy-image',
    ])
    expect((await demo().get('/image/v2/info/usage')).body).toEqual({ usage: {} })
    const made = await demo().post('/image/v2/images', {})
    expect(made.headers.get('openstack-image-import-methods')).toBe('glance-direct,web-download,copy-image')
  })

  test('an image can not be taken out of its only store', async () => {
    const id = await anActiveImage(demo())
    const remove = (store: string, image: string, user: 'admin' | 'demo' = 'admin') =>
      cloud.as(user).delete(`/image/v2/stores/${store}/${image}`)
    const refused = await remove('file', id)
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('the only store containing it')])
    expect((await remove('elsewhere', id)).status).toBe(409)
    expect((await remove('file', await anImage(demo()))).status).toBe(409)
    expect((await remove('file', 'nosuch')).status).toBe(404)
    const own = await remove('file', id, 'demo')
    expect([own.status, own.body]).toEqual([403, expect.not.stringContaining('the only store containing it')])
    expect((await demo().get(`/image/v2/images/${id}`)).body.status).toBe('active')
  })

  test('nothing is cached', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PUT', '/some-image'],
      ['DELETE', '/some-image'],
      ['POST', '/clean'],
      ['POST', '/prune'],
      ['GET', '/nodes/some-image'],
    ] as const) {
      const refused = await cloud.as('admin').request(method, `/image/v2/cache${path}`)
      expect([refused.status, await refused.text()]).toEqual([
        404,
        expect.stringContaining('Caching via API is not supported at this site.'),
      ])
      expect((await demo().request(method, `/image/v2/cache${path}`)).status).toBe(403)
    }
  })

  test('where bytes are is for services to know, and for nobody to say', async () => {
    const id = await anActiveImage(demo(), { visibility: 'community' })
    const path = `/image/v2/images/${id}/locations`
    expect((await demo().get(path)).status).toBe(403)
    expect((await cloud.as('admin').get(path)).status).toBe(403)
    expect((await cloud.as('nova').get(path)).body).toEqual([
      { url: expect.stringContaining(`file://${cloud.imageFolder}/`), metadata: { store: 'file' } },
    ])
    expect((await demo().post(path, { url: 'file:///etc/passwd' })).status).toBe(409)
    const queued = await anImage(demo())
    for (const url of ['file:///etc/passwd', 'http://127.0.0.1/', 'nonsense'])
      expect((await demo().post(`/image/v2/images/${queued}/locations`, { url })).status).toBe(400)
    expect((await demo().get(`/image/v2/images/${queued}`)).body.status).toBe('queued')
    expect((await cloud.as('alt_demo').post(`/image/v2/images/${queued}/locations`, { url: 'http://127.0.0.1/' })).status).toBe(404)
  })
})

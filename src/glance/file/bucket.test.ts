import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aCloud, type TestCloud } from '../../../test/helpers/a-cloud.ts'
import { startBucketServer, type BucketServer } from '../../../test/helpers/bucket-server.ts'
import { anImage, upload } from '../../../test/helpers/image-files.ts'
import { has } from '../../../test/helpers/parts.ts'
import { openTcpProxy, type TcpProxy } from '../../../test/helpers/tcp-proxy.ts'
import { until } from '../../../test/helpers/until.ts'

describe.runIf(has('swift'))("images' bytes in a bucket", () => {
  let server: BucketServer
  let wire: TcpProxy
  let cloud: TestCloud
  beforeAll(async () => {
    server = await startBucketServer()
    wire = await openTcpProxy(server.port)
    cloud = await aCloud('postgres', { controllers: 2, images: server.url(wire.port) })
  }, 90_000)
  afterAll(async () => {
    await cloud?.close()
    await wire?.stop()
    await server?.stop()
  })
  const bytes = randomBytes(9 * 2 ** 20)
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const status = async (id: string) => (await demo().get(`/image/v2/images/${id}`)).body.status
  const download = (id: string, headers: Record<string, string> = {}) => demo(1).request('GET', `/image/v2/images/${id}/file`, { headers })
  const objects = async () => (await server.bucket.listObjects())!.length

  test('what one instance was sent comes back from another, whole or a part; with the image it goes', async () => {
    const before = await objects()
    const id = await anImage(demo())
    expect((await upload(demo(), id, bytes)).status).toBe(204)
    expect(Buffer.from(await (await download(id)).arrayBuffer()).equals(bytes)).toBe(true)
    const part = await download(id, { range: 'bytes=8388600-8388619' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 8388600-8388619/${bytes.length}`])
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(8_388_600, 8_388_620))).toBe(true)
    expect(await objects()).toBe(before + 1)
    await demo().delete(`/image/v2/images/${id}`)
    await until(async () => (await objects()) === before, { what: 'the object to go' })
  })

  test('what is staged by one instance is imported by any', async () => {
    const id = await anImage(demo())
    expect((await upload(demo(), id, 'staged', {}, 'stage')).status).toBe(204)
    const asked = await demo(1).post(`/image/v2/images/${id}/import`, { method: { name: 'glance-direct' } })
    expect(asked.status).toBe(202)
    await until(async () => (await status(id)) === 'active', { what: 'the import to end', timeoutMs: 30_000 })
    expect(await (await download(id)).text()).toBe('staged')
  })

  test('while it is away, uploads and downloads are refused for a moment, and nothing else is', async () => {
    const [there, waiting] = [await anImage(demo()), await anImage(demo())]
    await upload(demo(), there, 'there')
    wire.fate = () => 'lose'
    try {
      const refused = await upload(demo(), waiting, 'bytes')
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
      expect((await download(there)).status).toBe(503)
      expect([await status(there), await status(waiting)]).toEqual(['active', 'queued'])
    } finally {
      wire.fate = () => 'pass'
    }
    expect((await upload(demo(), waiting, 'bytes')).status).toBe(204)
    expect(await (await download(there)).text()).toBe('there')
  })

  test('clients are told what kind of place it is, and services where the bytes are, but not by which key', async () => {
    const { body } = await cloud.as('admin').get('/image/v2/info/stores/detail')
    expect(body.stores).toEqual([expect.objectContaining({ id: 'file', type: 's3' })])
    const id = await anImage(demo())
    await upload(demo(), id, 'bytes')
    const [location] = (await cloud.as('nova').get(`/image/v2/images/${id}/locations`)).body
    expect(location.url).toMatch(new RegExp(`^s3\\+http://127\\.0\\.0\\.1:${wire.port}/images/[0-9a-f-]{36}$`))
  })
})

import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { aFileServer, type FileServer } from '../../../test/helpers/file-server.ts'
import { anActiveImage, anImage, upload } from '../../../test/helpers/image-files.ts'
import { until } from '../../../test/helpers/until.ts'
import { emptyDisk } from '../seed/cirros.ts'

const direct = { method: { name: 'glance-direct' } }

describe.each(databases)('imports on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2, imageNetworks: ['127.0.0.1/32'] })
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const show = async (id: string) => (await demo().get(`/image/v2/images/${id}`)).body
  const bytesOf = async (id: string) => (await demo(1).request('GET', `/image/v2/images/${id}/file`)).text()
  const files = () => readdir(cloud.imageFolder)
  const askImport = (id: string, body: unknown) => demo().post(`/image/v2/images/${id}/import`, body)
  const fetchFrom = (id: string, uri: unknown) => askImport(id, { method: { name: 'web-download', uri } })
  const tasksOf = async (id: string) => (await demo(1).get(`/image/v2/images/${id}/tasks`)).body.tasks
  const status = (id: string, wanted: string) =>
    until(async () => (await show(id)).status === wanted, { what: `the image to be ${wanted}`, timeoutMs: 15_000 })
  const failure = async (id: string) => {
    await status(id, 'queued')
    return (await tasksOf(id))[0].message as string
  }

  let server: FileServer
  let disturbed = 0
  beforeAll(async () => {
    server = await aFileServer((request, response) => {
      const path = request.url!
      if (path === '/image') response.end('fetched')
      else if (path === '/disk') response.end(emptyDisk())
      else if (path === '/there') response.writeHead(302, { location: '/image' }).end()
      else if (path === '/loop') response.writeHead(302, { location: '/loop' }).end()
      else if (path === '/metadata') response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
      else if (path === '/elsewhere') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
      else if (path === '/shaky' && disturbed++ < 2)
        response.writeHead(200, { 'content-length': '7' }).write('fet', () => response.destroy())
      else if (path === '/shaky') response.end('fetched')
      else response.writeHead(404).end('no')
    })
  })
  afterAll(() => server.close())

  test('staged bytes become the image', async () => {
    const before = await files()
    const id = await anImage(demo())
    expect((await askImport(id, direct)).status).toBe(409)
    expect((await upload(demo(), id, 'staged', {}, 'stage')).status).toBe(204)
    expect(await show(id)).toMatchObject({ status: 'uploading', size: null, checksum: null })
    expect((await demo(1).request('GET', `/image/v2/images/${id}/file`)).status).toBe(204)
    expect((await upload(demo(), id, 'again', {}, 'stage')).status).toBe(409)
    const answer = await askImport(id, direct)
    expect([answer.status, answer.body]).toEqual([202, ''])
    await status(id, 'active')
    expect(await show(id)).toMatchObject({ size: 6, virtual_size: 6, os_glance_importing_to_stores: '', os_glance_failed_import: '' })
    expect(await bytesOf(id)).toBe('staged')
    expect((await files()).length).toBe(before.length + 1)
    expect((await askImport(id, direct)).status).toBe(409)
  })

  test("an import is a task that bears its request's id", async () => {
    const id = await anImage(demo())
    expect(await tasksOf(id)).toEqual([])
    await upload(demo(), id, 'staged', {}, 'stage')
    const answer = await askImport(id, { ...direct, stores: ['file'] })
    await status(id, 'active')
    const tasks = await tasksOf(id)
    expect(tasks).toEqual([
      {
        id: expect.any(String),
        image_id: id,
        request_id: answer.headers.get('x-openstack-request-id'),
        user_id: cloud.userId('demo'),
        type: 'api_image_import',
        status: 'success',
        owner: cloud.projectId('demo'),
        expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000$/),
        created_at: expect.stringContaining('T'),
        updated_at: expect.stringContaining('T'),
        deleted_at: null,
        deleted: false,
        input: { image_id: id, import_req: { ...direct, stores: ['file'] }, backend: ['file'] },
        result: { image_id: id },
        message: '',
      },
    ])
    expect((await cloud.as('alt_demo').get(`/image/v2/images/${id}/tasks`)).status).toBe(404)
  })

  test('an image is fetched from the web, also by way of a redirect, and though its server breaks off at first', async () => {
    for (const path of ['image', 'there', 'shaky']) {
      const id = await anImage(demo())
      expect((await fetchFrom(id, `${server.url}/${path}`)).status).toBe(202)
      await status(id, 'active')
      expect(await bytesOf(id)).toBe('fetched')
      expect(await show(id)).toMatchObject({ size: 7, os_hash_algo: 'sha512', stores: 'file' })
    }
    const disk = await anImage(demo(), { disk_format: 'qcow2' })
    await fetchFrom(disk, `${server.url}/disk`)
    await status(disk, 'active')
    expect(await show(disk)).toMatchObject({ size: 16_384, virtual_size: 112 * 2 ** 20 })
  })

  test('what can not be fetched leaves the image waiting, with the reason, and no bytes', async () => {
    const before = await files()
    for (const [path, reason] of [
      ['missing', 'HTTP 404'],
      ['loop', 'more than 5 redirects'],
      ['metadata', 'does not pass filtering: http://169.254.169.254/latest'],
      ['elsewhere', 'does not pass filtering: file:///etc/passwd'],
    ] as const) {
      const id = await anImage(demo())
      await fetchFrom(id, `${server.url}/${path}`)
      expect(await failure(id)).toContain(reason)
      expect(await show(id)).toMatchObject({ size: null, os_glance_failed_import: 'file', os_glance_importing_to_stores: '' })
      expect((await tasksOf(id))[0]).toMatchObject({ status: 'failure', result: null })
      expect((await upload(demo(), id, 'by hand')).status).toBe(204)
      expect((await demo().delete(`/image/v2/images/${id}`)).status).toBe(204)
    }
    await until(async () => (await files()).length === before.length, { what: 'all files to be gone' })
  })

  test.each([
    'ftp://example.com/x',
    'file:///etc/passwd',
    'http://10.1.2.3/',
    'http://user:secret@example.com/',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f000002/',
    'http://0/',
    'nonsense',
    undefined,
    7,
  ])('nothing is fetched from %s', async (uri) => {
    const id = await anImage(demo())
    const refused = await fetchFrom(id, uri)
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining('URI for web-download does not pass filtering')])
    expect(await show(id)).toMatchObject({ status: 'queued' })
    expect(await tasksOf(id)).toEqual([])
  })

  test('bytes that are not what the image says they are fail its import, and the stage is empty again', async () => {
    const before = await files()
    const staged = await anImage(demo(), { disk_format: 'qcow2' })
    await upload(demo(), staged, 'no disk', {}, 'stage')
    await askImport(staged, direct)
    expect(await failure(staged)).toContain('it is raw, not qcow2')
    const fetched = await anImage(demo(), { disk_format: 'vmdk' })
    await fetchFrom(fetched, `${server.url}/disk`)
    expect(await failure(fetched)).toContain('it is qcow2, not vmdk')
    await until(async () => (await files()).length === before.length, { what: 'the files to go' })
    expect(await show(staged)).toMatchObject({ status: 'queued', checksum: null, os_glance_failed_import: 'file' })
    await upload(demo(), staged, emptyDisk(), {}, 'stage')
    await askImport(staged, direct)
    await status(staged, 'active')
    expect(await show(staged)).toMatchObject({ virtual_size: 112 * 2 ** 20, os_glance_failed_import: '' })
  })

  test('copies have nowhere to go where there is one store', async () => {
    const id = await anActiveImage(demo())
    const copy = (body: object, user: 'admin' | 'demo' = 'admin') =>
      cloud.as(user).post(`/image/v2/images/${id}/import`, { method: { name: 'copy-image' }, ...body })
    expect((await copy({ all_stores: true, all_stores_must_succeed: false })).status).toBe(202)
    expect(await tasksOf(id)).toEqual([])
    expect(await show(id)).toMatchObject({ status: 'active', os_glance_importing_to_stores: '', os_glance_failed_import: '' })
    const there = await copy({ stores: ['file'] })
    expect([there.status, there.body]).toEqual([400, expect.stringContaining('Image is already present at store &#x27;file&#x27;')])
    expect((await copy({ stores: ['elsewhere'] })).status).toBe(409)
    expect((await copy({ all_stores: true, stores: ['file'] })).status).toBe(400)
    expect((await copy({ all_stores: true }, 'demo')).status).toBe(403)
    expect(
      (await cloud.as('admin').post(`/image/v2/images/${await anImage(demo())}/import`, { method: { name: 'copy-image' } })).status,
    ).toBe(409)
  })

  test.each([
    [{}, 'requires a &#x27;method&#x27; field'],
    [[], 'must be a JSON object'],
    [{ method: {} }, 'requires a &#x27;name&#x27; field'],
    [{ method: { name: 'by-pigeon' } }, 'Unknown import method name'],
    [{ ...direct, all_stores: 'yes' }, '&#x27;all_stores&#x27; must be boolean value only'],
    [{ ...direct, stores: 'file' }, 'must be a list'],
  ])('%j is no import', async (body, words) => {
    const refused = await askImport(await anImage(demo()), body)
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining(words)])
  })

  test('an image that is deleted while it is imported is gone, and its task says so', async () => {
    const waiting = Promise.withResolvers<void>()
    const slow = await aFileServer((_request, response) => {
      response.write('some')
      waiting.resolve()
    })
    const before = await files()
    const id = await anImage(demo())
    await fetchFrom(id, `${slow.url}/slow`)
    await waiting.promise
    expect((await upload(demo(), id, 'mine')).status).toBe(409)
    expect((await fetchFrom(id, `${slow.url}/again`)).status).toBe(409)
    expect((await demo().delete(`/image/v2/images/${id}`)).status).toBe(204)
    const task = () => cloud.ctx.db.selectFrom('glance_tasks').selectAll().where('image_id', '=', id).executeTakeFirst()
    await until(async () => (await task())?.status === 'failure', { what: 'the task to fail', timeoutMs: 10_000 })
    expect((await task())!.message).toContain('has been deleted')
    await until(async () => (await files()).length === before.length, { what: 'the unfinished file to go', timeoutMs: 10_000 })
    await slow.close()
  })

  test('nobody but its owner imports into an image', async () => {
    const id = await anImage(demo(), { visibility: 'community' })
    await upload(demo(), id, 'staged', {}, 'stage')
    expect((await cloud.as('alt_demo').post(`/image/v2/images/${id}/import`, direct)).status).toBe(403)
    expect((await cloud.as('demo_reader').post(`/image/v2/images/${id}/import`, direct)).status).toBe(403)
    expect((await cloud.as('alt_demo').post(`/image/v2/images/${await anImage(demo())}/import`, direct)).status).toBe(404)
    expect((await show(id)).status).toBe('uploading')
  })

  test('bytes of a real size come whole', async () => {
    const bytes = randomBytes(5 * 2 ** 20)
    const large = await aFileServer((_request, response) => response.end(bytes))
    const id = await anImage(demo())
    await fetchFrom(id, `${large.url}/large`)
    await status(id, 'active')
    const got = await demo(1).request('GET', `/image/v2/images/${id}/file`)
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
    await large.close()
  })
})

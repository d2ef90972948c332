import { describe, expect, test } from 'vitest'
import { databases, useCloud, type UserName } from '../../../test/helpers/a-cloud.ts'
import { aFileServer } from '../../../test/helpers/file-server.ts'
import { anImage, upload } from '../../../test/helpers/image-files.ts'
import { until } from '../../../test/helpers/until.ts'
import { forgetExpiredTasks } from './store.ts'

const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const properties = { name: 'of a task', disk_format: 'raw', container_format: 'bare' }

describe.each(databases)('tasks on %s', (database) => {
  const cloud = useCloud(database, { imageNetworks: ['127.0.0.1/32'] })
  const admin = () => cloud.as('admin')
  const create = (type: string, input: unknown) => admin().post('/image/v2/tasks', { type, input })
  const ended = (id: string) =>
    until(
      async () => {
        const { body } = await admin().get(`/image/v2/tasks/${id}`)
        return ['success', 'failure'].includes(body.status) ? body : undefined
      },
      { what: 'the task to end', timeoutMs: 15_000 },
    )

  test('a task imports an image of its own', async () => {
    const server = await aFileServer((_request, response) => response.end('bytes'))
    const input = { import_from: `${server.url}/image`, import_from_format: 'raw', image_properties: properties }
    const made = await create('import', input)
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: uuid,
        type: 'import',
        status: 'pending',
        owner: cloud.projectId('admin'),
        created_at: time,
        updated_at: time,
        image_id: uuid,
        request_id: made.headers.get('x-openstack-request-id'),
        user_id: cloud.userId('admin'),
        input,
        result: null,
        message: '',
        self: `/v2/tasks/${made.body.id}`,
        schema: '/v2/schemas/task',
      },
    ])
    expect(made.headers.get('location')).toBe(`${cloud.url}/image/v2/tasks/${made.body.id}`)
    expect(await ended(made.body.id)).toMatchObject({ status: 'success', result: { image_id: made.body.image_id }, expires_at: time })
    expect((await admin().get(`/image/v2/images/${made.body.image_id}`)).body).toMatchObject({
      name: 'of a task',
      status: 'active',
      size: 5,
    })
    await server.close()
  })

  test('a task that fails takes its image with it, and says why', async () => {
    const server = await aFileServer((_request, response) => response.writeHead(404).end())
    const { body } = await create('import', { import_from: server.url, import_from_format: 'raw', image_properties: properties })
    expect(await ended(body.id)).toMatchObject({ status: 'failure', result: null, message: expect.stringContaining('HTTP 404') })
    expect((await admin().get(`/image/v2/images/${body.image_id}`)).status).toBe(404)
    await server.close()
  })

  test('a task imports what was staged for an image', async () => {
    const id = await anImage(admin())
    await upload(admin(), id, 'staged', {}, 'stage')
    const { status, body } = await create('api_image_import', { image_id: id, import_req: { method: { name: 'glance-direct' } } })
    expect(status).toBe(201)
    expect(await ended(body.id)).toMatchObject({ status: 'success', image_id: id })
  })

  test.each([
    ['import', {}],
    ['import', null],
    ['import', { import_from: 'file:///etc/passwd', import_from_format: 'raw', image_properties: properties }],
    ['import', { import_from: 'http://127.0.0.1/', import_from_format: 'raw', image_properties: { disk_format: 'wrong' } }],
    ['api_image_import', {}],
    ['export', {}],
  ])('a task %s of %j is refused, and leaves nothing', async (type, input) => {
    const images = async () => (await admin().get('/image/v2/images?limit=1000')).body.images.length
    const before = await images()
    expect((await create(type, input)).status).toBe(400)
    expect(await images()).toBe(before)
  })

  test('tasks are listed, newest first, by page and by what they are', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const { body } = await create('import', {
        import_from: 'http://127.0.0.1:1/',
        import_from_format: 'raw',
        image_properties: properties,
      })
      ids.unshift(body.id)
    }
    const list = async (query: string) => (await admin().get(`/image/v2/tasks${query}`)).body
    const first = await list('?limit=2&type=import')
    expect(first).toEqual({
      tasks: [expect.objectContaining({ id: ids[0] }), expect.objectContaining({ id: ids[1] })],
      first: '/v2/tasks?limit=2&type=import',
      next: `/v2/tasks?limit=2&type=import&marker=${ids[1]}`,
      schema: '/v2/schemas/tasks',
    })
    expect(Object.keys(first.tasks[0])).not.toContain('input')
    expect((await list(`?limit=1&type=import&marker=${ids[1]}`)).tasks).toEqual([expect.objectContaining({ id: ids[2] })])
    await Promise.all(ids.map(ended))
    expect((await list('?status=failure')).tasks.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(ids))
    expect((await list('?status=pending')).tasks).toEqual([])
    for (const bad of [
      'status=done',
      'type=other',
      'limit=-1',
      'limit=x',
      'sort_key=input',
      'sort_dir=up',
      'marker=x',
      `marker=${crypto.randomUUID()}`,
    ])
      expect((await admin().get(`/image/v2/tasks?${bad}`)).status, bad).toBe(400)
  })

  test('tasks are for admins; nobody deletes one; their schemas are for all', async () => {
    const { body } = await create('import', { import_from: 'http://127.0.0.1:1/', import_from_format: 'raw', image_properties: properties })
    for (const path of ['/image/v2/tasks', `/image/v2/tasks/${body.id}`]) expect((await cloud.as('demo').get(path)).status).toBe(403)
    const kept = await admin().delete(`/image/v2/tasks/${body.id}`)
    expect([kept.status, kept.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await admin().get('/image/v2/tasks/nosuch')).status).toBe(404)
    expect((await cloud.as('demo').get('/image/v2/schemas/task')).body).toMatchObject({ name: 'task', properties: { input: {} } })
    expect((await cloud.as('demo').get('/image/v2/schemas/tasks')).body.properties.tasks.items.properties).not.toHaveProperty('input')
  })

  test('a task is forgotten two days after its end, not before', async () => {
    const id = await anImage(admin())
    await upload(admin(), id, 'staged', {}, 'stage')
    const { body } = await create('api_image_import', { image_id: id, import_req: { method: { name: 'glance-direct' } } })
    await ended(body.id)
    await forgetExpiredTasks(cloud.ctx)
    expect((await admin().get(`/image/v2/tasks/${body.id}`)).status).toBe(200)
    const past = cloud.ctx.dialect.fromNow(-1)
    await cloud.ctx.db.updateTable('glance_tasks').set({ expires_at: past }).where('id', '=', body.id).execute()
    expect(await forgetExpiredTasks(cloud.ctx)).toBe(1)
    expect((await admin().get(`/image/v2/tasks/${body.id}`)).status).toBe(404)
  })
})

describe.each(databases)('tasks that the operator has opened to all, on %s', (database) => {
  const cloud = useCloud(database, { policies: { tasks_api_access: 'role:reader' } })

  test('are seen by those of their project, and by admins', async () => {
    const create = async (user: 'demo' | 'alt_demo') => {
      const id = await anImage(cloud.as(user))
      await upload(cloud.as(user), id, 'staged', {}, 'stage')
      const input = { image_id: id, import_req: { method: { name: 'glance-direct' } } }
      return (await cloud.as(user).post('/image/v2/tasks', { type: 'api_image_import', input })).body.id as string
    }
    const [own, other] = [await create('demo'), await create('alt_demo')]
    const listed = async (user: UserName, query = '') =>
      (await cloud.as(user).get(`/image/v2/tasks${query}`)).body.tasks.map(({ id }: { id: string }) => id).toSorted()
    for (const user of ['demo', 'demo_reader'] as const) {
      expect(await listed(user)).toEqual([own])
      expect(await listed(user, '?sort_dir=asc&type=api_image_import')).toEqual([own])
      expect((await cloud.as(user).get(`/image/v2/tasks/${own}`)).body.id).toBe(own)
      expect((await cloud.as(user).get(`/image/v2/tasks/${other}`)).status).toBe(404)
      expect((await cloud.as(user).get(`/image/v2/tasks?marker=${other}`)).status).toBe(400)
    }
    expect(await listed('alt_demo')).toEqual([other])
    expect(await listed('admin')).toEqual([own, other].toSorted())
    expect(await listed('system_reader')).toEqual([])
  })

  test('let nobody import into the image of another project', async () => {
    const id = await anImage(cloud.as('demo'), { visibility: 'community' })
    await upload(cloud.as('demo'), id, 'staged', {}, 'stage')
    const input = { image_id: id, import_req: { method: { name: 'glance-direct' } } }
    for (const user of ['alt_demo', 'demo_reader'] as const)
      expect((await cloud.as(user).post('/image/v2/tasks', { type: 'api_image_import', input })).status).toBe(403)
    expect((await cloud.as('demo').get(`/image/v2/images/${id}`)).body.status).toBe('uploading')
  })

  test('let no reader make an image', async () => {
    const images = async () => (await cloud.as('demo').get('/image/v2/images?limit=1000')).body.images.length
    const before = await images()
    const input = { import_from: 'http://192.0.43.8/', import_from_format: 'raw', image_properties: properties }
    expect((await cloud.as('demo_reader').post('/image/v2/tasks', { type: 'import', input })).status).toBe(403)
    expect(await images()).toBe(before)
  })
})

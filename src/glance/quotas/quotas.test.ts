import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { aFileServer } from '../../../test/helpers/file-server.ts'
import { anImage, upload } from '../../../test/helpers/image-files.ts'
import { until } from '../../../test/helpers/until.ts'

const megabyte = Buffer.alloc(2 ** 20, 'x')
const v3 = '/identity/v3'

describe.each(databases)("projects' quotas of images on %s", (database) => {
  const cloud = useCloud(database, { controllers: 2, imageNetworks: ['127.0.0.1/32'] })
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const usage = async () => (await demo(1).get('/image/v2/info/usage')).body.usage
  const create = (controller = 0) =>
    demo(controller).post('/image/v2/images', { name: 'counted', disk_format: 'raw', container_format: 'bare' })
  const importIt = (id: string, method: object) => demo().post(`/image/v2/images/${id}/import`, { method })
  const statusOf = async (id: string) => (await demo(1).get(`/image/v2/images/${id}`)).body.status
  const become = (id: string, wanted: string) =>
    until(async () => (await statusOf(id)) === wanted, { what: `the image to be ${wanted}`, timeoutMs: 15_000 })
  const limitIds: Record<string, string> = {}

  const limit = async (limits: Record<string, number>) => {
    for (const [name, resource_limit] of Object.entries(limits))
      await cloud.as('admin').patch(`${v3}/limits/${limitIds[name]}`, { limit: { resource_limit } })
  }

  /** No images, and no limits but these. */
  async function anew(limits: Record<string, number>): Promise<void> {
    const { images } = (await demo().get('/image/v2/images?visibility=shared')).body
    for (const { id } of images) await demo().delete(`/image/v2/images/${id}`)
    await limit({ image_size_total: -1, image_stage_total: -1, image_count_total: -1, image_count_uploading: -1, ...limits })
  }

  beforeAll(async () => {
    expect(await usage()).toEqual({})
    const admin = cloud.as('admin')
    const service_id = (await admin.get(`${v3}/services?type=image`)).body.services[0].id
    const project_id = cloud.projectId('demo')
    for (const resource_name of ['image_size_total', 'image_stage_total', 'image_count_total', 'image_count_uploading', 'image_color']) {
      await admin.post(`${v3}/registered_limits`, { registered_limits: [{ service_id, resource_name, default_limit: 0 }] })
      const { body } = await admin.post(`${v3}/limits`, { limits: [{ service_id, resource_name, project_id, resource_limit: -1 }] })
      limitIds[resource_name] = body.limits[0].id
    }
  })

  test('no more images than the limit, however many ask at once; one that is deleted makes room', async () => {
    await anew({ image_count_total: 3 })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, turn) => create(turn % 2)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 413, 413, 413, 413, 413])
    const project = cloud.projectId('demo')
    expect(answers.find(({ status }) => status === 413)!.body).toContain(
      `Project ${project} is over a limit for [Resource image_count_total is over limit of 3 due to current usage 3 and delta 1]`,
    )
    expect(await usage()).toEqual({ image_count_total: { limit: 3, usage: 3 } })
    const { id } = answers.find(({ status }) => status === 201)!.body
    await demo().delete(`/image/v2/images/${id}`)
    expect((await create()).status).toBe(201)
    expect((await create()).status).toBe(413)
  })

  test('what is registered counts for a project that has no limit of its own; without any limit there is none', async () => {
    await anew({})
    expect(await usage()).toEqual({})
    expect((await cloud.as('alt_demo').post('/image/v2/images', { name: 'none' })).status).toBe(413)
    expect((await create()).status).toBe(201)
  })

  test('the image that passes the limit of bytes is the last', async () => {
    await anew({ image_size_total: 1 })
    const [first, second, third] = [await anImage(demo()), await anImage(demo()), await anImage(demo())]
    expect((await upload(demo(), first, megabyte)).status).toBe(204)
    expect((await upload(demo(), second, megabyte)).status).toBe(204)
    expect(await usage()).toEqual({ image_size_total: { limit: 1, usage: 2 } })
    expect((await upload(demo(), third, megabyte)).status).toBe(413)
    expect(await statusOf(third)).toBe('queued')
    await demo().delete(`/image/v2/images/${first}`)
    expect((await upload(demo(), third, megabyte)).status).toBe(204)
  })

  test('of uploads at the same time one passes the limit', async () => {
    await anew({ image_size_total: 0 })
    const ids = await Promise.all(Array.from({ length: 4 }, () => anImage(demo())))
    const answers = await Promise.all(ids.map((id, turn) => upload(demo(turn % 2), id, megabyte)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 413, 413, 413])
    expect(await usage()).toEqual({ image_size_total: { limit: 0, usage: 1 } })
  })

  test('what is staged has limits of its own', async () => {
    await anew({ image_stage_total: 1, image_count_uploading: 2 })
    const [first, second, third] = [await anImage(demo()), await anImage(demo()), await anImage(demo())]
    expect((await upload(demo(), first, megabyte, {}, 'stage')).status).toBe(204)
    await limit({ image_count_uploading: 1 })
    expect((await upload(demo(), second, megabyte, {}, 'stage')).status).toBe(413)
    expect((await upload(demo(), second, megabyte)).status).toBe(413)
    await limit({ image_count_uploading: 5 })
    expect((await upload(demo(), second, megabyte, {}, 'stage')).status).toBe(204)
    expect(await usage()).toMatchObject({ image_stage_total: { usage: 2 }, image_count_uploading: { usage: 2 } })
    expect((await upload(demo(), third, megabyte, {}, 'stage')).status).toBe(413)
    await limit({ image_count_uploading: 1 })
    expect((await importIt(first, { name: 'glance-direct' })).status).toBe(202)
    await become(first, 'active')
    expect(await usage()).toMatchObject({ image_stage_total: { usage: 1 }, image_count_uploading: { usage: 1 } })
  })

  test('an import is refused past a limit, and fails when the limit was passed meanwhile', async () => {
    const [ready, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const server = await aFileServer((_request, response) => {
      arrived.resolve()
      void ready.promise.then(() => response.end(megabyte))
    })
    try {
      await anew({ image_size_total: 0 })
      const [one, other, third] = [await anImage(demo()), await anImage(demo()), await anImage(demo())]
      const fetched = { name: 'web-download', uri: `${server.url}/image` }
      expect((await importIt(one, fetched)).status).toBe(202)
      await limit({ image_count_uploading: 1 })
      expect((await importIt(third, fetched)).status).toBe(413)
      await limit({ image_count_uploading: -1 })
      await arrived.promise
      expect((await upload(demo(), other, megabyte)).status).toBe(204)
      ready.resolve()
      await become(one, 'queued')
      const { tasks } = (await demo().get(`/image/v2/images/${one}/tasks`)).body
      expect(tasks[0]).toMatchObject({ status: 'failure', message: expect.stringContaining('image_size_total is over limit of 0') })
      expect((await importIt(third, fetched)).status).toBe(413)
    } finally {
      ready.resolve()
      await server.close()
    }
  })
})

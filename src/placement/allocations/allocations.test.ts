import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { at, placementOf } from '../test-client.ts'

describe.each(databases)('allocations on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const placement = placementOf(() => cloud.as('admin'))
  const nova = placementOf(() => cloud.as('nova'))
  const newId = () => cloud.ctx.ids.uuid()
  const owner = { project_id: 'a project', user_id: 'a user' }
  const of = (allocations: Record<string, object>, generation: number | null = null, more: object = {}) => ({
    allocations: Object.fromEntries(Object.entries(allocations).map(([uuid, resources]) => [uuid, { resources }])),
    ...owner,
    consumer_generation: generation,
    ...more,
  })
  const put = (id: string, body: object, version = '1.28', controller = 0) =>
    placementOf(() => cloud.as('admin', { controller })).put(`/allocations/${id}`, body, at(version))
  const used = async (uuid: string) => (await placement.get(`/resource_providers/${uuid}/usages`)).body.usages
  const codeOf = (reply: { body: any }) => reply.body.errors[0].code

  test('a consumer takes, changes and gives back, each time with the generation it has seen', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 }, MEMORY_MB: { total: 1024 } })
    const id = newId()
    expect((await put(id, of({ [uuid]: { VCPU: 2, MEMORY_MB: 512 } }))).status).toBe(204)
    const shown = await placement.get(`/allocations/${id}`, at('1.38'))
    expect(shown.body).toEqual({
      allocations: { [uuid]: { resources: { VCPU: 2, MEMORY_MB: 512 }, generation: 2 } },
      ...owner,
      consumer_generation: 1,
      consumer_type: 'unknown',
    })
    const unseen = await put(id, of({ [uuid]: { VCPU: 4 } }))
    expect([unseen.status, codeOf(unseen)]).toEqual([409, 'placement.concurrent_update'])
    expect(unseen.body.errors[0].detail).toContain('consumer generation conflict - expected 1 but got None')
    expect((await put(id, of({ [uuid]: { VCPU: 4 } }, 1, { consumer_type: 'INSTANCE' }), '1.38')).status).toBe(204)
    expect(await used(uuid)).toEqual({ VCPU: 4, MEMORY_MB: 0 })
    expect((await put(id, of({}, 2))).status).toBe(204)
    expect(await used(uuid)).toEqual({ VCPU: 0, MEMORY_MB: 0 })
    expect((await placement.get(`/allocations/${id}`, at('1.28'))).body).toEqual({ allocations: {} })
    expect((await placement.delete(`/allocations/${id}`)).status).toBe(404)
  })

  test('what a provider gives is listed by consumer', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 } })
    const id = newId()
    await put(id, of({ [uuid]: { VCPU: 2 } }))
    expect((await placement.get(`/resource_providers/${uuid}/allocations`, at('1.28'))).body).toEqual({
      allocations: { [id]: { resources: { VCPU: 2 }, consumer_generation: 1 } },
      resource_provider_generation: 2,
    })
    expect((await placement.get(`/resource_providers/${uuid}/allocations`)).body.allocations).toEqual({ [id]: { resources: { VCPU: 2 } } })
    expect((await placement.delete(`/allocations/${id}`)).status).toBe(204)
    expect((await placement.get(`/resource_providers/${newId()}/allocations`)).status).toBe(404)
  })

  test('older versions say it in their own form', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 } })
    const listed = { allocations: [{ resource_provider: { uuid }, resources: { VCPU: 1 } }] }
    const id = newId()
    expect((await put(id, listed, '1.0')).status).toBe(204)
    expect((await put(id, listed, '1.8')).status).toBe(400)
    expect((await put(id, { ...listed, ...owner }, '1.8')).status).toBe(204)
    expect((await put(id, { ...listed, ...owner }, '1.12')).status).toBe(400)
    const { consumer_generation: _, ...since112 } = of({ [uuid]: { VCPU: 3 } })
    expect((await put(id, since112, '1.12')).status).toBe(204)
    expect((await put(id, { ...since112, allocations: {} }, '1.12')).status).toBe(400)
    expect((await put(id, since112, '1.28')).status).toBe(400)
    expect((await put(id, of({ [uuid]: { VCPU: 3 } }, 3, { mappings: { '': [uuid] } }), '1.33')).status).toBe(400)
    expect((await put(id, of({ [uuid]: { VCPU: 3 } }, 3, { mappings: { '': [uuid], _1: [uuid] } }), '1.34')).status).toBe(204)
    expect((await put(id, of({ [uuid]: { VCPU: 3 } }, 4, { mappings: { _1: ['x'] } }), '1.34')).status).toBe(400)
    expect((await put(id, of({ [uuid]: { VCPU: 3 } }, 4), '1.38')).status).toBe(400)
    expect(await used(uuid)).toEqual({ VCPU: 3 })
    expect((await placement.get(`/allocations/${id}`, at('1.11'))).body).not.toHaveProperty('project_id')
  })

  test('of fifty consumers that race on two controllers for ten places ten get one', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 10 }, DISK_GB: { total: 1000 } })
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => put(newId(), of({ [uuid]: { VCPU: 1, DISK_GB: 3 } }), '1.28', index % 2)),
    )
    expect(replies.filter((reply) => reply.status === 204)).toHaveLength(10)
    for (const reply of replies.filter((one) => one.status !== 204)) {
      expect(reply.status).toBe(409)
      expect(reply.body.errors[0].detail).toContain('would exceed the capacity')
    }
    expect(await used(uuid)).toEqual({ VCPU: 10, DISK_GB: 30 })
    const { allocations } = (await placement.get(`/resource_providers/${uuid}/allocations`)).body
    expect(Object.values<any>(allocations).reduce((sum, one) => sum + one.resources.DISK_GB, 0)).toBe(30)
  })

  test('of clients that change one consumer at once one comes through', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 100 } })
    const id = newId()
    const made = await Promise.all([1, 2, 3, 4].map((amount) => put(id, of({ [uuid]: { VCPU: amount } }), '1.28', amount % 2)))
    expect(made.map((reply) => String(reply.status)).toSorted()).toEqual(['204', '409', '409', '409'])
    const changed = await Promise.all([5, 6, 7, 8].map((amount) => put(id, of({ [uuid]: { VCPU: amount } }, 1), '1.28', amount % 2)))
    expect(changed.map((reply) => String(reply.status)).toSorted()).toEqual(['204', '409', '409', '409'])
    const held = (await placement.get(`/allocations/${id}`)).body.allocations[uuid].resources
    expect(await used(uuid)).toEqual(held)
  })

  test('several consumers swap what they hold in one go, or not at all', async () => {
    const one = await placement.stocked({ VCPU: { total: 2 } })
    const two = await placement.stocked({ VCPU: { total: 2 } })
    const [server, migration] = [newId(), newId()]
    await put(server, of({ [one]: { VCPU: 2 } }))
    const swap = (amount: number) =>
      placement.post('/allocations', { [migration]: of({ [one]: { VCPU: 2 } }), [server]: of({ [two]: { VCPU: amount } }, 1) }, at('1.28'))
    expect((await swap(3)).status).toBe(409)
    expect([await used(one), await used(two)]).toEqual([{ VCPU: 2 }, { VCPU: 0 }])
    expect((await placement.get(`/allocations/${migration}`)).body.allocations).toEqual({})
    expect((await swap(2)).status).toBe(204)
    expect([await used(one), await used(two)]).toEqual([{ VCPU: 2 }, { VCPU: 2 }])
    expect((await placement.post('/allocations', { [migration]: of({}, 1) }, at('1.28'))).status).toBe(204)
    expect(await used(one)).toEqual({ VCPU: 0 })
    expect((await placement.post('/allocations', {}, at('1.28'))).status).toBe(400)
    expect((await placement.post('/allocations', { x: of({}) }, at('1.28'))).status).toBe(400)
    expect((await placement.post('/allocations', {}, at('1.12'))).status).toBe(404)
  })

  test('what does not suit the units, or does not exist, is refused', async () => {
    const uuid = await placement.stocked({ DISK_GB: { total: 100, min_unit: 10, max_unit: 50, step_size: 5 } })
    for (const amount of [5, 55, 12]) {
      const reply = await put(newId(), of({ [uuid]: { DISK_GB: amount } }))
      expect([reply.status, reply.body.errors[0].detail]).toEqual([409, expect.stringContaining('would violate inventory constraints')])
    }
    expect((await put(newId(), of({ [uuid]: { VCPU: 1 } }))).status).toBe(409)
    expect((await put(newId(), of({ [uuid]: { CUSTOM_NO: 1 } }))).status).toBe(400)
    const nowhere = newId()
    const lost = await put(newId(), of({ [nowhere]: { VCPU: 1 } }))
    expect([lost.status, lost.body.errors[0].detail]).toEqual([
      400,
      expect.stringContaining(`Allocation for resource provider '${nowhere}' that does not exist.`),
    ])
    expect((await put('nobody', of({ [uuid]: { DISK_GB: 10 } }))).status).toBe(400)
    expect((await put(newId(), of({ [uuid]: { DISK_GB: 0 } }))).status).toBe(400)
    expect((await put(newId(), of({ [uuid]: {} }))).status).toBe(400)
    expect(await used(uuid)).toEqual({ DISK_GB: 0 })
  })

  test('an overfull provider lets go, and takes nothing more', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 } })
    const id = newId()
    await put(id, of({ [uuid]: { VCPU: 6 } }))
    const { resource_provider_generation } = (await placement.get(`/resource_providers/${uuid}/inventories`)).body
    await placement.put(`/resource_providers/${uuid}/inventories/VCPU`, { resource_provider_generation, total: 4 })
    expect((await put(id, of({ [uuid]: { VCPU: 5 } }, 1))).status).toBe(204)
    expect((await put(id, of({ [uuid]: { VCPU: 6 } }, 2))).status).toBe(409)
  })

  test('usages are summed by project, user and type of consumer', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 100 } })
    const project_id = newId()
    const take = (amount: number, more: object, version: string) =>
      put(newId(), { ...of({ [uuid]: { VCPU: amount } }), project_id, ...more }, version)
    await take(1, { consumer_type: 'INSTANCE' }, '1.38')
    await take(2, { consumer_type: 'INSTANCE', user_id: 'other' }, '1.38')
    await take(4, { consumer_type: 'MIGRATION' }, '1.38')
    await take(8, {}, '1.28')
    const usages = async (query: string, version: string) =>
      (await placement.get(`/usages?project_id=${project_id}${query}`, at(version))).body.usages
    expect(await usages('', '1.9')).toEqual({ VCPU: 15 })
    expect(await usages('&user_id=other', '1.9')).toEqual({ VCPU: 2 })
    expect(await usages('', '1.38')).toEqual({
      INSTANCE: { VCPU: 3, consumer_count: 2 },
      MIGRATION: { VCPU: 4, consumer_count: 1 },
      unknown: { VCPU: 8, consumer_count: 1 },
    })
    expect(await usages('&consumer_type=MIGRATION', '1.38')).toEqual({ MIGRATION: { VCPU: 4, consumer_count: 1 } })
    expect(await usages('&consumer_type=unknown', '1.38')).toEqual({ unknown: { VCPU: 8, consumer_count: 1 } })
    expect(await usages('&consumer_type=all', '1.38')).toEqual({ all: { VCPU: 15, consumer_count: 4 } })
    expect((await placement.get('/usages?project_id=x&consumer_type=all', at('1.37'))).status).toBe(400)
    expect((await placement.get('/usages', at('1.9'))).status).toBe(400)
  })

  test('a reader sees the usages of the own project only', async () => {
    const usages = (project: string) => cloud.as('demo_reader').get(`/placement/usages?project_id=${project}`, at('1.9'))
    expect((await usages(cloud.projectId('demo'))).status).toBe(200)
    expect((await usages(cloud.projectId('alt_demo'))).status).toBe(403)
  })

  test('a reshape moves inventory and what is allocated of it, all or nothing', async () => {
    const parent = await placement.stocked({ VCPU: { total: 8 }, VGPU: { total: 2 } })
    const child = (await placement.provider({ parent_provider_uuid: parent })).uuid
    const id = newId()
    await put(id, of({ [parent]: { VCPU: 1, VGPU: 2 } }))
    const reshape = (generation: number, allocations: object) =>
      nova.post(
        '/reshaper',
        {
          inventories: {
            [parent]: { resource_provider_generation: generation, inventories: { VCPU: { total: 8 } } },
            [child]: { resource_provider_generation: 0, inventories: { VGPU: { total: 2 } } },
          },
          allocations,
        },
        at('1.30'),
      )
    const stale = await reshape(1, {})
    expect([stale.status, codeOf(stale)]).toEqual([409, 'placement.concurrent_update'])
    const held = await reshape(2, {})
    expect([held.status, codeOf(held)]).toEqual([409, 'placement.inventory.inuse'])
    expect(await used(child)).toEqual({})
    const done = await reshape(2, { [id]: of({ [parent]: { VCPU: 1 }, [child]: { VGPU: 2 } }, 1) })
    expect(done.status).toBe(204)
    expect([await used(parent), await used(child)]).toEqual([{ VCPU: 1 }, { VGPU: 2 }])
    const lost = await nova.post(
      '/reshaper',
      { inventories: { [newId()]: { resource_provider_generation: 0, inventories: {} } }, allocations: {} },
      at('1.30'),
    )
    expect([lost.status, codeOf(lost)]).toEqual([400, 'placement.resource_provider.not_found'])
    expect((await nova.post('/reshaper', {}, at('1.29'))).status).toBe(404)
    expect((await placement.post('/reshaper', {}, at('1.30'))).status).toBe(403)
  })
})

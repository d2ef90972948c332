import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { at, placementOf } from '../test-client.ts'

describe.each(databases)('inventories on %s', (database) => {
  const cloud = useCloud(database)
  const placement = placementOf(() => cloud.as('admin'))
  const whole = { total: 8, reserved: 0, min_unit: 1, max_unit: 2147483647, step_size: 1, allocation_ratio: 1 }
  const codeOf = (reply: { body: any }) => reply.body.errors[0].code
  const use = (uuid: string, resources: object) =>
    placement.put(
      `/allocations/${cloud.ctx.ids.uuid()}`,
      { allocations: { [uuid]: { resources } }, project_id: 'p', user_id: 'u', consumer_generation: null },
      at('1.28'),
    )

  test('all inventories are replaced at once, by a client that has seen the last generation', async () => {
    const { uuid } = await placement.provider()
    const path = `/resource_providers/${uuid}/inventories`
    const put = (generation: number, inventories: object) =>
      placement.put(path, { resource_provider_generation: generation, inventories }, at('1.23'))
    const first = await put(0, { VCPU: { total: 8 }, DISK_GB: { total: 100, reserved: 10, allocation_ratio: 1.5 } })
    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      resource_provider_generation: 1,
      inventories: { VCPU: whole, DISK_GB: { ...whole, total: 100, reserved: 10, allocation_ratio: 1.5 } },
    })
    const stale = await put(0, {})
    expect([stale.status, codeOf(stale)]).toEqual([409, 'placement.concurrent_update'])
    expect((await put(1, { VCPU: { total: 8 } })).status).toBe(200)
    expect((await placement.get(path)).body).toEqual({ resource_provider_generation: 2, inventories: { VCPU: whole } })
  })

  test('of two clients that have seen the same generation one comes through', async () => {
    const { uuid } = await placement.provider()
    const replies = await Promise.all(
      [1, 2, 3, 4].map((total) =>
        placement.put(`/resource_providers/${uuid}/inventories`, { resource_provider_generation: 0, inventories: { VCPU: { total } } }),
      ),
    )
    expect(replies.map((reply) => String(reply.status)).toSorted()).toEqual(['200', '409', '409', '409'])
  })

  test('one inventory is added, shown, changed and removed', async () => {
    const { uuid } = await placement.provider()
    const path = `/resource_providers/${uuid}/inventories`
    const added = await placement.post(path, { resource_class: 'VGPU', total: 8 })
    expect(added.status).toBe(201)
    expect(added.headers.get('location')).toBe(`${cloud.url}/placement${path}/VGPU`)
    expect(added.body).toEqual({ ...whole, resource_provider_generation: 1 })
    expect((await placement.post(path, { resource_class: 'VGPU', total: 8 })).status).toBe(409)
    expect((await placement.get(`${path}/VGPU`)).body).toEqual({ ...whole, resource_provider_generation: 1 })
    const changed = await placement.put(`${path}/VGPU`, { resource_provider_generation: 1, total: 9 })
    expect(changed.body).toEqual({ ...whole, total: 9, resource_provider_generation: 2 })
    expect((await placement.put(`${path}/VCPU`, { resource_provider_generation: 2, total: 9 })).status).toBe(400)
    expect((await placement.delete(`${path}/VGPU`)).status).toBe(204)
    expect((await placement.delete(`${path}/VGPU`)).status).toBe(404)
    expect((await placement.get(`${path}/VGPU`)).status).toBe(404)
  })

  test('what is in use stays', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 }, DISK_GB: { total: 100 } })
    expect((await use(uuid, { VCPU: 2 })).status).toBe(204)
    const path = `/resource_providers/${uuid}/inventories`
    const { resource_provider_generation: generation } = (await placement.get(path)).body
    const replaced = await placement.put(
      path,
      { resource_provider_generation: generation, inventories: { DISK_GB: { total: 1 } } },
      at('1.23'),
    )
    expect([replaced.status, codeOf(replaced)]).toEqual([409, 'placement.inventory.inuse'])
    expect(replaced.body.errors[0].detail).toContain(`update conflict: Inventory for 'VCPU' on resource provider '${uuid}' in use.`)
    const all = await placement.delete(path, at('1.23'))
    expect([all.status, codeOf(all)]).toEqual([409, 'placement.inventory.inuse'])
    expect((await placement.delete(`${path}/VCPU`)).status).toBe(409)
    const whole = await placement.delete(`/resource_providers/${uuid}`, at('1.23'))
    expect([whole.status, codeOf(whole)]).toEqual([409, 'placement.resource_provider.inuse'])
    expect(Object.keys((await placement.get(path)).body.inventories)).toEqual(['DISK_GB', 'VCPU'])
    expect((await placement.get(path)).body.resource_provider_generation).toBe(generation)
  })

  test('all may be deleted since 1.5, and all reserved since 1.26', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 8 } })
    const path = `/resource_providers/${uuid}/inventories`
    expect((await placement.delete(path, at('1.4'))).status).toBe(405)
    expect((await placement.delete(path, at('1.5'))).status).toBe(204)
    expect((await placement.get(path)).body.inventories).toEqual({})
    expect((await placement.post(path, { resource_class: 'VCPU', total: 8, reserved: 8 }, at('1.25'))).status).toBe(400)
    expect((await placement.post(path, { resource_class: 'VCPU', total: 8, reserved: 9 }, at('1.26'))).status).toBe(400)
    expect((await placement.post(path, { resource_class: 'VCPU', total: 8, reserved: 8 }, at('1.26'))).status).toBe(201)
  })

  test.each([
    ['no total', { VCPU: {} }],
    ['a total of nothing', { VCPU: { total: 0 } }],
    ['a total beyond all', { VCPU: { total: 2147483648 } }],
    ['a fraction', { VCPU: { total: 1.5 } }],
    ['a ratio beyond all', { VCPU: { total: 1, allocation_ratio: 1e39 } }],
    ['a ratio of less than nothing', { VCPU: { total: 1, allocation_ratio: -1 } }],
    ['a class that there is not', { CUSTOM_NO_SUCH: { total: 1 } }],
    ['a class in small letters', { vcpu: { total: 1 } }],
    ['a field that nobody knows', { VCPU: { total: 1, size: 1 } }],
  ])('%s is refused and changes nothing', async (_what, inventories) => {
    const { uuid } = await placement.provider()
    const path = `/resource_providers/${uuid}/inventories`
    const reply = await placement.put(path, { resource_provider_generation: 0, inventories }, at('1.39'))
    expect([reply.status, codeOf(reply)]).toEqual([400, 'placement.undefined_code'])
    expect((await placement.get(path)).body).toEqual({ resource_provider_generation: 0, inventories: {} })
  })

  test('a huge ratio means as much as anybody may want', async () => {
    const uuid = await placement.stocked({ VCPU: { total: 2147483647, allocation_ratio: 3.4e38 } })
    expect((await use(uuid, { VCPU: 2147483647 })).status).toBe(204)
    expect((await use(uuid, { VCPU: 1e30 })).status).toBe(409)
  })

  test('resource classes: standard ones stay, custom ones come and go unless they are in use', async () => {
    const name = 'CUSTOM_BANANA'
    expect((await placement.get('/resource_classes')).status).toBe(404)
    expect((await placement.post('/resource_classes', { name }, at('1.2'))).status).toBe(201)
    expect((await placement.post('/resource_classes', { name }, at('1.2'))).status).toBe(409)
    expect((await placement.post('/resource_classes', { name: 'BANANA' }, at('1.2'))).status).toBe(400)
    expect((await placement.put(`/resource_classes/${name}`, undefined, at('1.7'))).status).toBe(204)
    const uuid = await placement.stocked({ [name]: { total: 3 } })
    await use(uuid, { [name]: 2 })
    expect((await placement.delete(`/resource_classes/${name}`, at('1.2'))).status).toBe(409)
    const renamed = await placement.put(`/resource_classes/${name}`, { name: 'CUSTOM_MELON' }, at('1.6'))
    expect(renamed.body).toEqual({ name: 'CUSTOM_MELON', links: [{ rel: 'self', href: '/placement/resource_classes/CUSTOM_MELON' }] })
    expect((await placement.get(`/resource_providers/${uuid}/usages`)).body.usages).toEqual({ CUSTOM_MELON: 2 })
    expect((await placement.put('/resource_classes/CUSTOM_PLUM', undefined, at('1.7'))).status).toBe(201)
    expect((await placement.put('/resource_classes/PLUM', undefined, at('1.7'))).status).toBe(400)
    expect((await placement.delete('/resource_classes/CUSTOM_PLUM', at('1.7'))).status).toBe(204)
    expect((await placement.get('/resource_classes/CUSTOM_PLUM', at('1.7'))).status).toBe(404)
    expect((await placement.delete('/resource_classes/VCPU', at('1.2'))).status).toBe(400)
    const { resource_classes: classes } = (await placement.get('/resource_classes', at('1.2'))).body
    expect(classes.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['VCPU', 'MEMORY_MB', 'DISK_GB', 'CUSTOM_MELON']),
    )
  })

  test('traits: standard ones stay, custom ones come and go unless they are in use', async () => {
    const name = 'CUSTOM_FAST'
    const made = await placement.put(`/traits/${name}`, undefined, at('1.6'))
    expect([made.status, made.headers.get('location')]).toEqual([201, `${cloud.url}/placement/traits/${name}`])
    expect((await placement.put(`/traits/${name}`, undefined, at('1.6'))).status).toBe(204)
    expect((await placement.put('/traits/FAST', undefined, at('1.6'))).status).toBe(400)
    expect((await placement.get(`/traits/${name}`, at('1.6'))).status).toBe(204)
    expect((await placement.get('/traits/CUSTOM_SLOW', at('1.6'))).status).toBe(404)
    const { uuid } = await placement.provider()
    const put = (generation: number, traits: string[]) =>
      placement.put(`/resource_providers/${uuid}/traits`, { resource_provider_generation: generation, traits }, at('1.23'))
    expect((await put(0, [name, 'COMPUTE_NODE'])).body).toEqual({ traits: [name, 'COMPUTE_NODE'], resource_provider_generation: 1 })
    expect((await put(0, [])).body.errors[0].code).toBe('placement.concurrent_update')
    expect((await put(1, ['CUSTOM_SLOW'])).body.errors[0].detail).toContain('No such trait CUSTOM_SLOW')
    expect((await placement.delete(`/traits/${name}`, at('1.6'))).status).toBe(409)
    expect((await placement.delete('/traits/COMPUTE_NODE', at('1.6'))).status).toBe(400)
    const list = async (query: string) => (await placement.get(`/traits?${query}`, at('1.6'))).body.traits
    expect(await list('name=startswith:CUSTOM_FA')).toEqual([name])
    expect(await list(`name=in:${name},COMPUTE_NODE,NOTHING&associated=true`)).toEqual(['COMPUTE_NODE', name])
    expect(await list('name=in:COMPUTE_NODE,HW_NUMA_ROOT&associated=false')).toEqual(['HW_NUMA_ROOT'])
    expect((await placement.get('/traits?name=FAST', at('1.6'))).status).toBe(400)
    expect((await placement.get('/traits?associated=perhaps', at('1.6'))).status).toBe(400)
    expect((await placement.delete(`/resource_providers/${uuid}/traits`, at('1.6'))).status).toBe(204)
    expect((await placement.get(`/resource_providers/${uuid}/traits`, at('1.6'))).body).toEqual({
      traits: [],
      resource_provider_generation: 2,
    })
    expect((await placement.delete(`/traits/${name}`, at('1.6'))).status).toBe(204)
  })

  test('aggregates: a bare list until 1.18, guarded by the generation since', async () => {
    const { uuid } = await placement.provider()
    const [one, two] = [cloud.ctx.ids.uuid(), cloud.ctx.ids.uuid()]
    const path = `/resource_providers/${uuid}/aggregates`
    expect((await placement.get(path)).status).toBe(404)
    expect((await placement.put(path, [one], at('1.1'))).body).toEqual({ aggregates: [one] })
    expect((await placement.put(path, { aggregates: [two], resource_provider_generation: 0 }, at('1.19'))).body).toEqual({
      aggregates: [two],
      resource_provider_generation: 1,
    })
    expect((await placement.put(path, { aggregates: [], resource_provider_generation: 0 }, at('1.19'))).status).toBe(409)
    expect((await placement.put(path, [one], at('1.19'))).status).toBe(400)
    expect((await placement.put(path, ['x'], at('1.1'))).status).toBe(400)
    expect((await placement.get(path, at('1.19'))).body).toEqual({ aggregates: [two], resource_provider_generation: 1 })
  })
})

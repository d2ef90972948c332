import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { at, placementOf } from '../test-client.ts'

describe.each(databases)('allocation candidates on %s', (database) => {
  const cloud = useCloud(database)
  const placement = placementOf(() => cloud.as('admin'))
  const ask = (query: string, version = '1.39') => placement.get(`/allocation_candidates?${query}`, at(version))
  const custom = async (name: string) => {
    await placement.put(`/resource_classes/${name}`, undefined, at('1.7'))
    return name
  }
  const mark = async (uuid: string, traits: string[], aggregates: string[] = []) => {
    const generation = async () => (await placement.get(`/resource_providers/${uuid}`)).body.generation
    await placement.put(`/resource_providers/${uuid}/traits`, { resource_provider_generation: await generation(), traits }, at('1.6'))
    await placement.put(
      `/resource_providers/${uuid}/aggregates`,
      { resource_provider_generation: await generation(), aggregates },
      at('1.19'),
    )
  }

  test('each version says it in its own form', async () => {
    const apple = await custom('CUSTOM_APPLE')
    const uuid = await placement.stocked({ [apple]: { total: 4, allocation_ratio: 2.5 }, VCPU: { total: 8 } })
    await mark(uuid, ['COMPUTE_NODE'])
    const query = `resources=${apple}:2`
    expect((await ask(query, '1.9')).status).toBe(404)
    expect((await ask(query, '1.10')).body).toEqual({
      allocation_requests: [{ allocations: [{ resource_provider: { uuid }, resources: { [apple]: 2 } }] }],
      provider_summaries: { [uuid]: { resources: { [apple]: { capacity: 10, used: 0 } } } },
    })
    expect((await ask(query, '1.12')).body.allocation_requests).toEqual([{ allocations: { [uuid]: { resources: { [apple]: 2 } } } }])
    expect((await ask(query, '1.39')).body).toEqual({
      allocation_requests: [{ allocations: { [uuid]: { resources: { [apple]: 2 } } }, mappings: { '': [uuid] } }],
      provider_summaries: {
        [uuid]: {
          resources: { [apple]: { capacity: 10, used: 0 }, VCPU: { capacity: 8, used: 0 } },
          traits: ['COMPUTE_NODE'],
          parent_provider_uuid: null,
          root_provider_uuid: uuid,
        },
      },
    })
  })

  test('what is answered can be written, until nothing is left', async () => {
    const pear = await custom('CUSTOM_PEAR')
    const one = await placement.stocked({ [pear]: { total: 2 } })
    await placement.stocked({ [pear]: { total: 1 } })
    const query = `resources=${pear}:2&limit=5`
    const { allocation_requests: requests } = (await ask(query)).body
    expect(requests).toHaveLength(1)
    const written = await placement.put(
      `/allocations/${cloud.ctx.ids.uuid()}`,
      { ...requests[0], project_id: 'p', user_id: 'u', consumer_generation: null, consumer_type: 'INSTANCE' },
      at('1.39'),
    )
    expect(written.status).toBe(204)
    expect((await ask(query)).body).toEqual({ allocation_requests: [], provider_summaries: {} })
    expect((await placement.get(`/resource_providers/${one}/usages`)).body.usages).toEqual({ [pear]: 2 })
  })

  test('a limit limits', async () => {
    const plum = await custom('CUSTOM_PLUM')
    for (let count = 0; count < 4; count++) await placement.stocked({ [plum]: { total: 2 } })
    const { body } = await ask(`resources=${plum}:1&limit=3`, '1.16')
    expect(body.allocation_requests).toHaveLength(3)
    expect(Object.keys(body.provider_summaries)).toHaveLength(3)
  })

  test('nested providers and shared ones take part, and old versions do not see the nested', async () => {
    const [fig, seed, jam] = [await custom('CUSTOM_FIG'), await custom('CUSTOM_SEED'), await custom('CUSTOM_JAM')]
    const aggregate = cloud.ctx.ids.uuid()
    const host = await placement.stocked({ [fig]: { total: 8 } })
    const card = await placement.stocked({ [seed]: { total: 8 } }, { parent_provider_uuid: host })
    const pool = await placement.stocked({ [jam]: { total: 100 } })
    await mark(host, [], [aggregate])
    await mark(pool, ['MISC_SHARES_VIA_AGGREGATE'], [aggregate])
    const nested = `resources=${fig}:1,${seed}:1`
    expect((await ask(nested, '1.28')).body.allocation_requests).toEqual([])
    const { body } = await ask(nested)
    expect(body.allocation_requests[0].allocations).toEqual({ [host]: { resources: { [fig]: 1 } }, [card]: { resources: { [seed]: 1 } } })
    expect(body.provider_summaries[card]).toMatchObject({ parent_provider_uuid: host, root_provider_uuid: host })
    const shared = (await ask(`resources=${fig}:1,${jam}:10`)).body
    expect(shared.allocation_requests).toHaveLength(1)
    expect(Object.keys(shared.allocation_requests[0].allocations).toSorted()).toEqual([host, pool].toSorted())
    expect(Object.keys(shared.provider_summaries).toSorted()).toEqual([host, card, pool].toSorted())
    const granular = await ask(`resources=${fig}:1&resources_X=${seed}:2&in_tree_X=${host}`)
    expect(granular.body.allocation_requests[0].mappings).toEqual({ '': [host], _X: [card] })
  })

  test('traits, aggregates and trees are asked for of those who give, or who share', async () => {
    const [nut, oil] = [await custom('CUSTOM_NUT'), await custom('CUSTOM_OIL')]
    const [rack, other] = [cloud.ctx.ids.uuid(), cloud.ctx.ids.uuid()]
    const host = await placement.stocked({ [nut]: { total: 8 } })
    const tray = await placement.stocked({ [nut]: { total: 4 } }, { parent_provider_uuid: host })
    const pool = await placement.stocked({ [oil]: { total: 100 } })
    await mark(host, ['COMPUTE_NODE'], [rack])
    await mark(tray, ['HW_NIC_SRIOV'])
    await mark(pool, ['MISC_SHARES_VIA_AGGREGATE', 'STORAGE_DISK_SSD'], [rack])
    const givers = async (query: string) =>
      (await ask(query)).body.allocation_requests.map(({ allocations }: any) => Object.keys(allocations).toSorted()).toSorted()
    const [both, sharing] = [[[host], [tray]].toSorted(), [host, pool].toSorted()]
    expect(await givers(`resources=${nut}:3`)).toEqual(both)
    expect(await givers(`resources=${nut}:3&required=HW_NIC_SRIOV`)).toEqual([[tray]])
    expect(await givers(`resources=${nut}:3&required=!HW_NIC_SRIOV`)).toEqual([[host]])
    expect(await givers(`resources=${nut}:3&required=STORAGE_DISK_SSD`)).toEqual([])
    expect(await givers(`resources=${nut}:5,${oil}:10&required=STORAGE_DISK_SSD`)).toEqual([sharing])
    expect(await givers(`resources1=${nut}:5&resources2=${oil}:10&required2=STORAGE_DISK_SSD&group_policy=none`)).toEqual([sharing])
    expect(await givers(`resources=${nut}:3&member_of=${rack}`)).toEqual(both)
    expect(await givers(`resources=${nut}:3&member_of=${rack}&required=HW_NIC_SRIOV`)).toEqual([[tray]])
    expect(await givers(`resources1=${nut}:3&member_of1=${rack}`)).toEqual([[host]])
    expect(await givers(`resources=${nut}:3&member_of=${other}`)).toEqual([])
    expect(await givers(`resources=${nut}:3&member_of=!${rack}`)).toEqual([])
    expect(await givers(`resources=${nut}:3&root_required=COMPUTE_NODE`)).toEqual(both)
    expect(await givers(`resources=${nut}:3&root_required=!COMPUTE_NODE`)).toEqual([])
    expect(await givers(`resources=${nut}:3&in_tree=${tray}`)).toEqual(both)
    expect(await givers(`resources=${nut}:3&in_tree=${pool}`)).toEqual([])
    expect(await givers(`resources=${nut}:5,${oil}:10&in_tree=${host}`)).toEqual([])
  })

  test('the only ones with room are found among hundreds, in a steady order', async () => {
    const needle = await custom('CUSTOM_NEEDLE')
    const now = cloud.ctx.dialect.now()
    const ids = Array.from({ length: 600 }, () => cloud.ctx.ids.uuid()).toSorted()
    const alone = { generation: 0, parent_id: null, shape: 0, place: 0, created_at: now, updated_at: now }
    const providers = ids.map((id) => ({ id, name: `one of many ${id}`, root_id: id, ...alone }))
    await cloud.ctx.db.insertInto('placement_providers').values(providers).execute()
    const roomy = [ids[0], ids[255], ids[256], ids[599]] as string[]
    const stock = { total: 5, reserved: 0, min_unit: 1, max_unit: 5, step_size: 1, allocation_ratio: 1, capacity: 5 }
    const usedBy = (id: string) => (roomy.includes(id) ? 0 : 5)
    const stocks = ids.map((id) => ({ provider_id: id, resource_class: needle, ...stock, used: usedBy(id), updated_at: now }))
    await cloud.ctx.db.insertInto('placement_inventories').values(stocks).execute()
    const found = async (query: string) => Object.keys((await ask(`resources=${needle}:1${query}`)).body.provider_summaries)
    expect(await found('&limit=50')).toEqual(roomy)
    expect(await found('&limit=3')).toEqual(roomy.slice(0, 3))
    expect(await found('')).toEqual(roomy)
  })

  test.each([
    ['', '1.10'],
    ['resources=', '1.10'],
    ['resources=VCPU', '1.39'],
    ['resources=CUSTOM_NO_SUCH:1', '1.39'],
    ['resources=VCPU:1&limit=0', '1.16'],
    ['resources=VCPU:1&limit=5', '1.15'],
    ['resources=VCPU:1&required=COMPUTE_NODE', '1.16'],
    ['resources=VCPU:1&required=NO_SUCH', '1.39'],
    ['resources=VCPU:1&required=COMPUTE_NODE,!COMPUTE_NODE', '1.39'],
    ['resources=VCPU:1&member_of=x', '1.39'],
    ['resources=VCPU:1&in_tree=x', '1.39'],
    ['resources1=VCPU:1', '1.24'],
    ['resources_A=VCPU:1', '1.32'],
    ['resources1=VCPU:1&resources2=VCPU:1', '1.39'],
    ['resources1=VCPU:1&resources2=VCPU:1&group_policy=perhaps', '1.39'],
    ['resources=VCPU:1&required1=COMPUTE_NODE', '1.35'],
    ['resources=VCPU:1&required1=COMPUTE_NODE', '1.39'],
    ['resources=VCPU:1&same_subtree=_A', '1.39'],
    ['resources=VCPU:1&root_required=COMPUTE_NODE&root_required=COMPUTE_NODE', '1.39'],
    ['resources=VCPU:1&color=blue', '1.39'],
  ])('?%s at %s is refused', async (query, version) => {
    expect((await ask(query, version)).status).toBe(400)
  })
})

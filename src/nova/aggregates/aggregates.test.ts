import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { zoneOf } from './zones-store.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const base = '/compute/v2.1/os-aggregates'

describe.each(databases)('aggregates on %s', (database) => {
  const cloud = useCloud(database)
  let hosts: ComputeHosts
  beforeAll(async () => {
    hosts = await computeHosts(cloud, { names: ['a1', 'a2', 'a3'] })
  })
  afterAll(() => hosts.stop())
  const make = async (zone?: string, name = `agg ${cloud.ctx.ids.uuid()}`) => {
    const { status, body } = await cloud.as('admin').post(base, { aggregate: { name, ...(zone && { availability_zone: zone }) } })
    expect(status).toBe(200)
    return body.aggregate
  }
  const act = (id: number, body: object) => cloud.as('admin').post(`${base}/${id}/action`, body)
  const zoneOfHost = (host: string) => zoneOf(cloud.ctx.db, host)

  test('an aggregate with a zone puts its hosts into it, and lets them go', async () => {
    const made = await make('north')
    expect(made).toEqual({
      id: made.id,
      name: made.name,
      availability_zone: 'north',
      created_at: expect.any(String),
      updated_at: null,
      deleted: false,
      deleted_at: null,
    })
    const added = await act(made.id, { add_host: { host: 'a1' } })
    expect(added.body.aggregate).toMatchObject({ hosts: ['a1'], metadata: { availability_zone: 'north' } })
    const zones = (await cloud.as('demo').get('/compute/v2.1/os-availability-zone')).body.availabilityZoneInfo
    expect(zones.map((zone: any) => zone.zoneName)).toEqual(['north', 'nova'])
    expect((await act(made.id, { add_host: { host: 'a1' } })).body.conflictingRequest.message).toBe(
      `Aggregate ${made.id} already has host a1.`,
    )
    expect((await act(made.id, { add_host: { host: 'none' } })).status).toBe(404)
    const other = await make('south')
    expect((await act(other.id, { add_host: { host: 'a1' } })).body.conflictingRequest.message).toContain(
      "already in availability zone(s) ['north']",
    )
    expect((await cloud.as('admin').delete(`${base}/${made.id}`)).body.badRequest.message).toContain('not empty')
    expect((await act(made.id, { remove_host: { host: 'a1' } })).body.aggregate.hosts).toEqual([])
    expect(await zoneOfHost('a1')).toBeUndefined()
    expect((await act(made.id, { remove_host: { host: 'a1' } })).status).toBe(404)
    expect((await cloud.as('admin').delete(`${base}/${made.id}`)).status).toBe(200)
    expect((await cloud.as('admin').get(`${base}/${made.id}`)).body).toEqual({
      itemNotFound: { code: 404, message: `Aggregate ${made.id} could not be found.` },
    })
  })

  test('a host that two put into different zones at once is in one', async () => {
    const [one, two] = [await make('east'), await make('west')]
    const replies = await Promise.all([act(one.id, { add_host: { host: 'a2' } }), act(two.id, { add_host: { host: 'a2' } })])
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 409])
    const loser = replies[0].status === 409 ? one : two
    expect((await cloud.as('admin').get(`${base}/${loser.id}`)).body.aggregate.hosts).toEqual([])
  })

  test('the zone moves with the metadata, and stays while another aggregate keeps it', async () => {
    const [one, two] = [await make('up'), await make('up')]
    for (const { id } of [one, two]) await act(id, { add_host: { host: 'a3' } })
    await act(one.id, { remove_host: { host: 'a3' } })
    expect(await zoneOfHost('a3')).toBe('up')
    const set = await act(two.id, { set_metadata: { metadata: { availability_zone: 'down', key: 'value' } } })
    expect(set.body.aggregate).toMatchObject({ availability_zone: 'down', metadata: { key: 'value' } })
    expect(await zoneOfHost('a3')).toBe('down')
    await act(two.id, { set_metadata: { metadata: { availability_zone: null } } })
    expect(await zoneOfHost('a3')).toBeUndefined()
  })

  test('names are unique, and change', async () => {
    const [one, two] = [await make(), await make()]
    expect((await cloud.as('admin').post(base, { aggregate: { name: one.name } })).status).toBe(409)
    expect((await cloud.as('admin').put(`${base}/${two.id}`, { aggregate: { name: one.name } })).status).toBe(409)
    const renamed = await cloud.as('admin').put(`${base}/${two.id}`, { aggregate: { name: 'a new name' } }, at('2.41'))
    expect(renamed.body.aggregate).toMatchObject({ name: 'a new name', uuid: expect.any(String) })
    expect((await cloud.as('admin').get(base)).body.aggregates.map((aggregate: any) => aggregate.name)).toContain('a new name')
    expect((await cloud.as('admin').get(`${base}/agg1`)).body.badRequest.message).toBe('Invalid input received: id must be an integer')
    expect((await cloud.as('demo').get(base)).status).toBe(403)
  })
})

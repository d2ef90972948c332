import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const base = '/compute/v2.1/flavors'

describe.each(databases)('flavors on %s', (database) => {
  const cloud = useCloud(database)
  const aFlavor = (more: object = {}) => ({ flavor: { name: cloud.ctx.ids.uuid(), ram: 256, vcpus: 1, disk: 1, ...more } })
  const make = async (more: object = {}) => {
    const { status, body } = await cloud.as('admin').post(base, aFlavor(more), at('2.96'))
    expect(status).toBe(200)
    return body.flavor
  }

  test('an admin makes a flavor and everyone sees it', async () => {
    const made = await make({ id: 'auto', name: 'for all', 'OS-FLV-EXT-DATA:ephemeral': '2', swap: 0, description: 'a text' })
    const { body } = await cloud.as('demo_reader').get(`${base}/${made.id}`)
    expect(body.flavor).toEqual({
      id: made.id,
      name: 'for all',
      ram: 256,
      disk: 1,
      swap: '',
      'OS-FLV-EXT-DATA:ephemeral': 2,
      'OS-FLV-DISABLED:disabled': false,
      vcpus: 1,
      'os-flavor-access:is_public': true,
      rxtx_factor: 1,
      links: [
        { rel: 'self', href: `${cloud.url}/compute/v2.1/flavors/${made.id}` },
        { rel: 'bookmark', href: `${cloud.url}/compute/flavors/${made.id}` },
      ],
    })
    const newest = await cloud.as('demo').get(`${base}/${made.id}`, at('2.96'))
    expect(newest.body.flavor).toMatchObject({ swap: 0, description: 'a text', extra_specs: {} })
    const list = await cloud.as('demo').get(base, at('2.55'))
    expect(list.body.flavors).toContainEqual(expect.objectContaining({ id: made.id, name: 'for all', description: 'a text' }))
  })

  test('a name and an id are there once', async () => {
    const made = await make()
    const sameName = await cloud.as('admin').post(base, aFlavor({ name: made.name }))
    expect(sameName.status).toBe(409)
    expect(sameName.body.conflictingRequest.message).toBe(`Flavor with name ${made.name} already exists.`)
    const sameId = await cloud.as('admin').post(base, aFlavor({ id: made.id }))
    expect(sameId.body).toEqual({ conflictingRequest: { code: 409, message: `Flavor with ID ${made.id} already exists.` } })
    const name = cloud.ctx.ids.uuid()
    const replies = await Promise.all(Array.from({ length: 6 }, () => cloud.as('admin').post(base, aFlavor({ name }))))
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 409, 409, 409, 409, 409])
  })

  test.each([
    [{ name: '' }, "Invalid input for field/attribute name. Value: . '' is too short"],
    [{ name: ' x' }, "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace."],
    [{ ram: 0 }, 'Invalid input for field/attribute ram. Value: 0. 0 is less than the minimum of 1'],
    [{ ram: '0' }, 'Invalid input received: ram must be >= 1'],
    [{ vcpus: '99999999999' }, 'Invalid input received: vcpus must be <= 2147483647'],
    [{ disk: null }, "Invalid input for field/attribute disk. Value: None. None is not of type 'integer', 'string'"],
    [{ description: 'x' }, "Additional properties are not allowed ('description' was unexpected)"],
    [{ rxtx_factor: '0' }, "Invalid input received: 'rxtx_factor' argument must be a float between 0 and 3.40282e+38"],
  ])('a flavor with %j is refused', async (more, message) => {
    const { status, body } = await cloud.as('admin').post(base, aFlavor(more))
    expect(status).toBe(400)
    expect(body.badRequest.message).toContain(message)
  })

  test('only an admin makes and deletes flavors', async () => {
    const refused = await cloud.as('demo').post(base, aFlavor())
    expect(refused.status).toBe(403)
    expect(refused.body).toEqual({
      forbidden: { code: 403, message: "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed." },
    })
    const made = await make()
    expect((await cloud.as('demo').delete(`${base}/${made.id}`)).status).toBe(403)
    expect((await cloud.as('admin').delete(`${base}/${made.id}`)).status).toBe(202)
    const gone = await cloud.as('admin').delete(`${base}/${made.id}`)
    expect(gone.body).toEqual({ itemNotFound: { code: 404, message: `Flavor ${made.id} could not be found.` } })
  })

  test('a private flavor is there for the projects it is open to', async () => {
    const made = await make({ 'os-flavor-access:is_public': 'false' })
    const path = `${base}/${made.id}`
    expect((await cloud.as('demo').get(path)).status).toBe(404)
    const demo = cloud.projectId('demo')
    const opened = await cloud.as('admin').post(`${path}/action`, { addTenantAccess: { tenant: demo } })
    expect(opened.status).toBe(200)
    expect(opened.body.flavor_access.map((one: any) => one.tenant_id).toSorted()).toEqual([demo, cloud.projectId('admin')].toSorted())
    expect((await cloud.as('demo').get(path)).status).toBe(200)
    expect((await cloud.as('demo').get(`${base}/detail`)).body.flavors.map((flavor: any) => flavor.id)).toContain(made.id)
    expect((await cloud.as('alt_demo').get(`${base}/detail`)).body.flavors.map((flavor: any) => flavor.id)).not.toContain(made.id)
    expect((await cloud.as('admin').post(`${path}/action`, { addTenantAccess: { tenant: demo } })).status).toBe(409)
    expect((await cloud.as('admin').get(`${path}/os-flavor-access`)).body.flavor_access).toHaveLength(2)
    expect((await cloud.as('admin').post(`${path}/action`, { removeTenantAccess: { tenant: demo } })).status).toBe(200)
    expect((await cloud.as('admin').post(`${path}/action`, { removeTenantAccess: { tenant: demo } })).status).toBe(404)
    expect((await cloud.as('demo').get(path)).status).toBe(404)
    const isPrivate = await cloud.as('admin').get(`${base}?is_public=False`)
    expect(isPrivate.body.flavors.map((flavor: any) => flavor.id)).toContain(made.id)
    const all = (await cloud.as('admin').get(`${base}/detail?is_public=None`)).body.flavors
    expect(new Set(all.map((flavor: any) => flavor['os-flavor-access:is_public']))).toEqual(new Set([true, false]))
    expect((await cloud.as('demo').get(`${base}?is_public=None`)).body.flavors.map((flavor: any) => flavor.id)).not.toContain(made.id)
  })

  test('the description changes since 2.55', async () => {
    const made = await make()
    expect((await cloud.as('admin').put(`${base}/${made.id}`, { flavor: { description: 'new' } })).status).toBe(404)
    const changed = await cloud.as('admin').put(`${base}/${made.id}`, { flavor: { description: 'new' } }, at('2.55'))
    expect(changed.body.flavor.description).toBe('new')
    expect((await cloud.as('admin').put(`${base}/none`, { flavor: { description: 'new' } }, at('2.55'))).status).toBe(404)
  })

  test('extra specs are set, read and removed one by one', async () => {
    const made = await make()
    const path = `${base}/${made.id}/os-extra_specs`
    const set = await cloud.as('admin').post(path, { extra_specs: { 'hw:cpu_policy': 'shared', flag: true, number: 2 } })
    expect(set.body).toEqual({ extra_specs: { 'hw:cpu_policy': 'shared', flag: 'True', number: '2' } })
    expect((await cloud.as('admin').put(`${path}/number`, { number: '3' })).body).toEqual({ number: '3' })
    expect((await cloud.as('admin').put(`${path}/number`, { other: '3' })).body.badRequest.message).toBe('Request body and URI mismatch')
    expect((await cloud.as('demo').get(`${path}/hw:cpu_policy`)).body).toEqual({ 'hw:cpu_policy': 'shared' })
    expect((await cloud.as('admin').delete(`${path}/flag`)).status).toBe(200)
    expect((await cloud.as('admin').delete(`${path}/flag`)).body.itemNotFound.message).toBe(
      `Flavor ${made.id} has no extra specs with key flag.`,
    )
    expect((await cloud.as('demo').get(path)).body).toEqual({ extra_specs: { 'hw:cpu_policy': 'shared', number: '3' } })
    expect((await cloud.as('demo').get(`${base}/${made.id}`, at('2.61'))).body.flavor.extra_specs).toEqual({
      'hw:cpu_policy': 'shared',
      number: '3',
    })
    expect((await cloud.as('demo').post(path, { extra_specs: {} })).status).toBe(403)
    expect((await cloud.as('admin').post(path, { extra_specs: { 'no/slash': 'x' } })).status).toBe(400)
  })

  test('a list is filtered, sorted and paged', async () => {
    for (const [index, ram] of [9001, 9003, 9002].entries()) await make({ id: `page-${index}`, ram, disk: 70 })
    const filter = 'minRam=9000&minDisk=70'
    const first = await cloud.as('demo').get(`${base}?${filter}&limit=2&sort_key=memory_mb&sort_dir=desc`)
    expect(first.body.flavors.map((flavor: any) => flavor.id)).toEqual(['page-1', 'page-2'])
    const next = new URL(first.body.flavors_links[0].href)
    const second = await cloud.as('demo').get(next.pathname + next.search)
    expect(second.body.flavors.map((flavor: any) => flavor.id)).toEqual(['page-0'])
    expect(second.body.flavors_links).toBeUndefined()
    for (const [bad, message] of [
      ['limit=-1', "Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'"],
      ['marker=nope', 'marker [nope] not found'],
      ['minRam=x', 'Invalid minRam filter [x]'],
      ['minDisk=x', 'Invalid minDisk filter [x]'],
    ]) {
      const { status, body } = await cloud.as('demo').get(`${base}?${bad}`)
      expect([status, body.badRequest.message]).toEqual([400, message])
    }
    expect((await cloud.as('admin').get(`${base}?is_public=maybe`)).body.badRequest.message).toBe('Invalid is_public filter [maybe]')
  })
})

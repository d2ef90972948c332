import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'

const namespaces = '/image/v2/metadefs/namespaces'
const path = `${namespaces}/place/properties`
const bus = { name: 'bus', title: 'Bus', type: 'string', enum: ['ide', 'virtio'], default: 'ide', pattern: '(?P<kind>i.*)' }

describe.each(databases)('properties of a namespace on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const refusal = async (reply: Promise<{ status: number; body: any }>) => {
    const { status, body } = await reply
    return [status, /<\/h1>\s*(.*?)<br/s.exec(body)![1]!.replaceAll('&#x27;', "'")]
  }
  beforeAll(async () => {
    await admin().post(namespaces, { namespace: 'place', visibility: 'public', resource_type_associations: [{ name: 'bare' }] })
    await admin().post(`${namespaces}/place/resource_types`, { name: 'image', prefix: 'hw_' })
  })

  test('one is made, shown, replaced and deleted', async () => {
    const made = await admin().post(path, bus)
    expect([made.status, made.body]).toEqual([201, bus])
    expect((await cloud.as('demo_reader').get(`${path}/bus`)).body).toEqual(bus)
    const { name: _name, ...said } = bus
    expect((await admin().get(path)).body).toEqual({ properties: { bus: said } })
    const size = { name: 'size', title: 'Size', type: 'integer' }
    const changed = await admin().put(`${path}/bus`, size)
    expect([changed.status, changed.body]).toEqual([200, size])
    expect((await admin().get(`${path}/bus`)).status).toBe(404)
    expect((await admin().delete(`${path}/size`)).status).toBe(204)
    const missing = 'The metadata definition property with name=size was not found in namespace=place.'
    expect(await refusal(admin().get(`${path}/size`))).toEqual([404, missing])
    expect(await refusal(admin().get(`${namespaces}/nowhere/properties/size`))).toEqual([404, 'Namespace nowhere not found'])
  })

  test('one is found by the name that it has on a type of resources', async () => {
    await admin().post(path, bus)
    const on = async (type: string, name: string) => admin().get(`${path}/${name}?resource_type=${type}`)
    expect((await on('image', 'hw_bus')).body).toEqual(bus)
    const noStart = (name: string, prefix: string) =>
      `Property ${name} does not start with the expected resource type association prefix of '${prefix}'.`
    expect(await refusal(on('image', 'bus'))).toEqual([404, noStart('bus', 'hw_')])
    expect(await refusal(on('bare', 'bus'))).toEqual([404, noStart('bus', 'None')])
    const missing = 'The metadata definition resource-type association of resource-type=other to namespace=place, was not found.'
    expect(await refusal(on('other', 'bus'))).toEqual([404, missing])
    expect((await admin().delete(path)).status).toBe(204)
    expect((await admin().get(path)).body).toEqual({ properties: {} })
  })

  test('a name is there once', async () => {
    await admin().post(path, { ...bus, name: 'one' })
    await admin().post(path, { ...bus, name: 'two' })
    const taken = 'A metadata definition property with name=one already exists in namespace=place.'
    expect(await refusal(admin().post(path, { ...bus, name: 'one' }))).toEqual([409, taken])
    const clash = 'Invalid update. It would result in a duplicate metadata definition property with the same name=one in namespace=place.'
    expect(await refusal(admin().put(`${path}/two`, { ...bus, name: 'one' }))).toEqual([409, clash])
  })

  test('readers look, and write nothing', async () => {
    expect((await cloud.as('demo').post(path, bus)).status).toBe(403)
    expect((await cloud.as('demo').put(`${path}/one`, bus)).status).toBe(403)
    expect((await cloud.as('demo').delete(`${path}/one`)).status).toBe(403)
    expect((await cloud.as('demo').delete(path)).status).toBe(403)
    expect((await cloud.as('demo').get(`${path}/one`)).status).toBe(200)
  })

  test.each([
    [{ title: 'T', type: 'string' }, 400, "'name' is a required property"],
    [{ name: 'p', title: 'T' }, 400, "'type' is a required property"],
    [{ name: 'p'.repeat(256), title: 'T', type: 'string' }, 400, 'is too long'],
    [{ name: 'p', title: 'T', type: 'string', required: [] }, 400, '[] is too short'],
    [{ name: 'p', title: 'T', type: 'string', colour: 1 }, 400, "('colour' was unexpected)"],
    [{ name: 'p', title: 'T', type: 'string', updated_at: 'now' }, 403, "Attribute 'updated_at' is read-only."],
  ])('a property like %j is refused with %i', async (body, status, words) => {
    const [got, said] = await refusal(admin().post(path, body))
    expect([got, said]).toEqual([status, expect.stringContaining(words)])
    if (status === 400) expect(said).toContain("schema 'property'")
  })
})

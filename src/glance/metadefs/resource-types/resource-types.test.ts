import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'
import { transaction } from '../../../kernel/sql/transaction.ts'
import { seedResourceTypes } from '../../contract.ts'

const namespaces = '/image/v2/metadefs/namespaces'
const path = `${namespaces}/place/resource_types`
const moments = { created_at: expect.stringMatching(/Z$/), updated_at: expect.stringMatching(/Z$/) }

describe.each(databases)('types of resources on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const known = async () => (await cloud.as('demo').get('/image/v2/metadefs/resource_types')).body.resource_types
  const refusal = async (reply: Promise<{ status: number; body: any }>) => {
    const { status, body } = await reply
    return [status, /<\/h1>\s*(.*?)<br/s.exec(body)![1]!.replaceAll('&#x27;', "'")]
  }
  beforeAll(async () => {
    await admin().post(namespaces, { namespace: 'place', visibility: 'public' })
  })

  test("a new cloud knows OpenStack's own, however often it is seeded, even at once", async () => {
    const seed = async () => transaction(cloud.ctx, 'seed', (tx) => seedResourceTypes(cloud.ctx, tx))
    await Promise.all([seed(), seed()])
    await seed()
    expect(await known()).toContainEqual({ name: 'OS::Glance::Image', ...moments })
    expect(new Set((await known()).map((type: any) => type.name)).size).toBe((await known()).length)
  })

  test('a namespace is for a type until it is not; the type stays known', async () => {
    const association = { name: 'OS::My::Thing', prefix: 'my_', properties_target: 'image' }
    const { status, body } = await admin().post(path, association)
    expect([status, body]).toEqual([201, { ...association, ...moments }])
    expect((await cloud.as('demo').get(path)).body).toEqual({ resource_type_associations: [body] })
    const taken = 'The metadata definition resource-type association of resource-type=OS::My::Thing to namespace=place already exists.'
    expect(await refusal(admin().post(path, { name: 'OS::My::Thing' }))).toEqual([409, taken])
    expect((await cloud.as('demo').delete(`${path}/OS::My::Thing`)).status).toBe(403)
    expect((await admin().delete(`${path}/OS::My::Thing`)).status).toBe(204)
    const gone = 'Failed to find resource type OS::My::Thing to delete'
    expect(await refusal(admin().delete(`${path}/OS::My::Thing`))).toEqual([404, gone])
    expect((await admin().get(path)).body).toEqual({ resource_type_associations: [] })
    expect((await known()).map((type: any) => type.name)).toContain('OS::My::Thing')
  })

  test('what is no type is refused', async () => {
    const words = "schema 'resource_type_association'"
    expect(await refusal(admin().post(path, {}))).toEqual([400, expect.stringContaining(words)])
    expect((await admin().post(path, { name: 'n'.repeat(81) })).status).toBe(400)
    expect((await admin().post(path, { name: 'n', prefix: null })).status).toBe(400)
    expect(await refusal(admin().post(path, { name: 'n', created_at: '' }))).toEqual([403, "Attribute 'created_at' is read-only."])
    expect((await cloud.as('demo').post(path, { name: 'n' })).status).toBe(403)
    expect(await refusal(admin().get(`${namespaces}/nowhere/resource_types`))).toEqual([404, 'Namespace nowhere not found'])
    expect(await refusal(admin().post(`${namespaces}/nowhere/resource_types`, { name: 'n' }))).toEqual([404, 'Namespace nowhere not found'])
  })
})

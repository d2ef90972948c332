import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'

const namespaces = '/image/v2/metadefs/namespaces'
const path = `${namespaces}/place/objects`
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const property = { title: 'Shares', type: 'integer', minimum: 1 }

describe.each(databases)('objects of a namespace on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const names = async (query = ''): Promise<string[]> => (await admin().get(path + query)).body.objects.map((one: any) => one.name)
  const refusal = async (reply: Promise<{ status: number; body: any }>) => {
    const { status, body } = await reply
    return [status, /<\/h1>\s*(.*?)<br/s.exec(body)![1]!.replaceAll('&#x27;', "'")]
  }
  beforeAll(async () => {
    await admin().post(namespaces, { namespace: 'place', visibility: 'public' })
  })

  test('one is made, shown, replaced and deleted', async () => {
    const made = await admin().post(path, {
      name: 'CPU Limits',
      description: 'of it',
      required: ['shares'],
      properties: { shares: property },
    })
    expect([made.status, made.body]).toEqual([
      201,
      {
        name: 'CPU Limits',
        description: 'of it',
        required: ['shares'],
        properties: { shares: property },
        created_at: time,
        updated_at: time,
        self: '/v2/metadefs/namespaces/place/objects/CPU Limits',
        schema: '/v2/schemas/metadefs/object',
      },
    ])
    expect((await cloud.as('demo_reader').get(`${path}/CPU%20Limits`)).body).toEqual(made.body)
    const { status, body } = await admin().put(`${path}/CPU%20Limits`, { name: 'Limits' })
    expect([status, body]).toEqual([200, expect.objectContaining({ name: 'Limits', required: [], properties: {} })])
    expect(body).not.toHaveProperty('description')
    expect((await admin().get(`${path}/CPU%20Limits`)).status).toBe(404)
    expect((await admin().delete(`${path}/Limits`)).status).toBe(204)
    const missing = 'The metadata definition object with name=Limits was not found in namespace=place.'
    for (const refused of [admin().get(`${path}/Limits`), admin().delete(`${path}/Limits`), admin().put(`${path}/Limits`, { name: 'x' })])
      expect(await refusal(refused)).toEqual([404, missing])
  })

  test('they are listed in an order and in pages, and deleted all at once', async () => {
    for (const name of ['b', 'c', 'a']) await admin().post(path, { name })
    expect(await names()).toEqual(['a', 'c', 'b'])
    expect(await names('?sort_key=name&sort_dir=asc&limit=2')).toEqual(['a', 'b'])
    expect(await names('?sort_key=name&sort_dir=asc&marker=b')).toEqual(['c'])
    expect((await admin().get(path)).body.schema).toBe('v2/schemas/metadefs/objects')
    expect((await admin().get(`${path}?limit=0`)).status).toBe(400)
    expect((await admin().get(`${path}?marker=nothing`)).status).toBe(404)
    await admin().post(`${namespaces}/place/tags/stays`, {})
    expect((await cloud.as('demo').delete(path)).status).toBe(403)
    expect((await admin().delete(path)).status).toBe(204)
    expect(await names()).toEqual([])
    expect((await admin().get(`${namespaces}/place/tags`)).body.tags).toEqual([{ name: 'stays' }])
  })

  test('a name is there once, for new ones and for changed ones', async () => {
    await admin().post(path, { name: 'one' })
    await admin().post(path, { name: 'two' })
    const taken = 'A metadata definition object with name=one already exists in namespace=place.'
    expect(await refusal(admin().post(path, { name: 'one' }))).toEqual([409, taken])
    const clash = 'Invalid update. It would result in a duplicate metadata definition object with the same name=one in namespace=place.'
    expect(await refusal(admin().put(`${path}/two`, { name: 'one' }))).toEqual([409, clash])
    const answers = await Promise.all(Array.from({ length: 4 }, () => admin().post(path, { name: 'three' })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  })

  test('no more than 1000 are in one namespace', { timeout: 60_000 }, async () => {
    const objects = Array.from({ length: 1000 }, (_, index) => ({ name: `object ${index}` }))
    expect((await admin().post(namespaces, { namespace: 'crowd', objects })).status).toBe(201)
    const [status, words] = await refusal(admin().post(`${namespaces}/crowd/objects`, { name: 'one more' }))
    expect([status, words]).toEqual([413, "A namespace can't hold more than 1000 of one kind. Attempted: 1001"])
    expect((await admin().get(`${namespaces}/crowd`)).body.objects).toHaveLength(1000)
  })

  test.each([
    [{}, 400, "'name' is a required property"],
    [{ name: 'o'.repeat(256) }, 400, 'is too long'],
    [{ name: 'o', properties: { p: { title: 'P', type: 'text' } } }, 400, "'text' is not one of"],
    [{ name: 'o', properties: { p: { title: 'P', type: 'string', colour: 1 } } }, 400, "('colour' was unexpected)"],
    [{ name: 'o', properties: { p: { title: 'P', type: 'string', maxLength: -1 } } }, 400, '-1 is less than the minimum of 0'],
    [{ name: 'o', schema: 'x' }, 403, "Attribute 'schema' is read-only."],
  ])('an object like %j is refused with %i', async (body, status, words) => {
    for (const refused of [admin().post(path, body), admin().put(`${path}/o`, body)]) {
      const [got, said] = await refusal(refused)
      expect([got, said]).toEqual([status, expect.stringContaining(words)])
      if (status === 400) expect(said).toContain("schema 'object'")
    }
  })

  test('there are none in a namespace that is not there', async () => {
    const missing = [404, 'Metadata definition namespace=nowhere was not found.']
    expect(await refusal(admin().get(`${namespaces}/nowhere/objects`))).toEqual(missing)
    expect(await refusal(admin().post(`${namespaces}/nowhere/objects`, { name: 'o' }))).toEqual(missing)
  })
})

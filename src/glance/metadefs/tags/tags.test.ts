import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'

const namespaces = '/image/v2/metadefs/namespaces'
const path = `${namespaces}/place/tags`
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

describe.each(databases)('tags of a namespace on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const several = (...names: string[]) => ({ tags: names.map((name) => ({ name })) })
  const names = async (query = ''): Promise<string[]> => (await cloud.as('demo').get(path + query)).body.tags.map((tag: any) => tag.name)
  const refusal = async (reply: Promise<{ status: number; body: any }>) => {
    const { status, body } = await reply
    return [status, /<\/h1>\s*(.*?)<br/s.exec(body)![1]!.replaceAll('&#x27;', "'")]
  }
  beforeAll(async () => {
    await admin().post(namespaces, { namespace: 'place', visibility: 'public' })
  })

  test('one is made by its name alone, shown, renamed and deleted', async () => {
    const made = await admin().post(`${path}/fast`, {})
    expect([made.status, made.body]).toEqual([201, { name: 'fast', created_at: time, updated_at: time }])
    expect((await cloud.as('demo_reader').get(`${path}/fast`)).body).toEqual(made.body)
    const { status, body } = await admin().put(`${path}/fast`, { name: 'slow' })
    expect([status, body]).toEqual([200, { name: 'slow', created_at: made.body.created_at, updated_at: time }])
    const missing = 'The metadata definition tag with name=fast was not found in namespace=place.'
    expect(await refusal(admin().get(`${path}/fast`))).toEqual([404, missing])
    expect((await admin().delete(`${path}/slow`)).status).toBe(204)
    expect(await names()).toEqual([])
  })

  test('several replace what is there, or come to it where the client says so; none replace nothing', async () => {
    const made = await admin().post(path, several('a', 'b'))
    expect([made.status, made.body]).toEqual([201, several('a', 'b')])
    await admin().post(path, several('c'))
    expect(await names()).toEqual(['c'])
    await admin().post(path, several('d', 'e'), { 'x-openstack-append': 'True' })
    expect(await names('?sort_key=name&sort_dir=asc')).toEqual(['c', 'd', 'e'])
    expect((await admin().post(path, several())).body).toEqual({ tags: [] })
    expect(await names('?sort_key=name&limit=2')).toEqual(['e', 'd'])
    expect(await names('?sort_key=name&marker=d')).toEqual(['c'])
  })

  test('a name is there once, and what is refused for it changes nothing', async () => {
    await admin().post(path, several('a', 'b'))
    const taken = (name: string) => [409, `A metadata tag with name=${name} already exists in namespace=place.`]
    expect(await refusal(admin().post(`${path}/a`, {}))).toEqual(taken('a'))
    expect(await refusal(admin().put(`${path}/a`, { name: 'b' }))).toEqual(taken('b'))
    expect(await refusal(admin().post(path, several('x', 'x')))).toEqual(taken('x'))
    expect(await refusal(admin().post(path, several('x', 'a'), { 'x-openstack-append': 'true' }))).toEqual(taken('a'))
    expect(await names('?sort_key=name&sort_dir=asc')).toEqual(['a', 'b'])
    expect((await admin().delete(path)).status).toBe(204)
    expect(await names()).toEqual([])
  })

  test('several at the same time: the last ones stay, none is mixed with others', async () => {
    const sets = ['p', 'q', 'r', 's'].map((letter) => several(`${letter}1`, `${letter}2`, `${letter}3`))
    const answers = await Promise.all(sets.map((set) => admin().post(path, set)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(sets.map(({ tags }) => tags.map(({ name }) => name))).toContainEqual(await names('?sort_key=name&sort_dir=asc'))
  })

  test('readers write none', async () => {
    expect((await cloud.as('demo').post(`${path}/mine`, {})).status).toBe(403)
    expect((await cloud.as('demo').post(path, several('mine'))).status).toBe(403)
    expect((await cloud.as('demo').delete(path)).status).toBe(403)
  })

  test('what is no tag is refused', async () => {
    const long = 't'.repeat(256)
    expect(await refusal(admin().post(`${path}/${long}`, {}))).toEqual([400, expect.stringContaining("schema 'tag'")])
    expect(await refusal(admin().post(path, several(long)))).toEqual([400, expect.stringContaining("schema 'tags'")])
    expect(await refusal(admin().post(path, { tags: [{}] }))).toEqual([400, expect.stringContaining("'name' is a required property")])
    expect((await admin().post(path, { tags: 'x' })).status).toBe(400)
    expect(await refusal(admin().put(`${path}/x`, { name: 'x', created_at: '' }))).toEqual([403, "Attribute 'created_at' is read-only."])
    expect(await refusal(admin().post(path, { ...several('x'), updated_at: '' }))).toEqual([403, "Attribute 'updated_at' is read-only."])
  })
})

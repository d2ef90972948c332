import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'

const path = '/image/v2/metadefs/namespaces'
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

describe.each(databases)('namespaces of metadata definitions on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const make = async (namespace: string, choices: object = {}) => admin().post(path, { namespace, ...choices })
  const namesOf = ({ body }: { body: any }): string[] => body.namespaces.map((one: { namespace: string }) => one.namespace)
  const messageOf = async (reply: Promise<{ status: number; body: any }>): Promise<[number, string]> => {
    const { status, body } = await reply
    return [status, /<\/h1>\s*(.*?)<br/s.exec(body)![1]!]
  }

  test('one is made with nothing but a name, and is private to its project', async () => {
    const { status, headers, body } = await make('OS::Plain One')
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${cloud.url}${path}/OS%3A%3APlain%20One`)
    expect(body).toEqual({
      namespace: 'OS::Plain One',
      visibility: 'private',
      protected: false,
      owner: cloud.projectId('admin'),
      created_at: time,
      updated_at: time,
      self: '/v2/metadefs/namespaces/OS::Plain One',
      schema: '/v2/schemas/metadefs/namespace',
    })
    expect((await admin().get(`${path}/OS::Plain%20One`)).body).toEqual(body)
  })

  test('one is made with all that is in it, and shows it', async () => {
    const size = { title: 'Size', type: 'integer', minimum: 1, default: 4 }
    const parts = {
      display_name: 'All',
      description: 'of it',
      visibility: 'public',
      resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'hw:', properties_target: 'spec' }],
      properties: { size },
      objects: [{ name: 'Disk', description: 'a disk', required: ['bus'], properties: { bus: { title: 'Bus', type: 'string' } } }],
      tags: [{ name: 'fast' }],
    }
    const { status, body } = await make('full', parts)
    expect([status, body]).toEqual([201, expect.objectContaining(parts)])
    const object = { name: 'Disk', description: 'a disk', created_at: time, updated_at: time }
    const links = { self: '/v2/metadefs/namespaces/full/objects/Disk', schema: '/v2/schemas/metadefs/object' }
    const shown = (await cloud.as('demo').get(`${path}/full`)).body
    expect(shown).toMatchObject({
      resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'hw:', properties_target: 'spec', created_at: time }],
      properties: { size },
      objects: [{ ...object, ...links, required: ['bus'], properties: { bus: { title: 'Bus', type: 'string' } } }],
      tags: [{ name: 'fast' }],
    })
    const onFlavors = (await cloud.as('demo').get(`${path}/full?resource_type=OS::Nova::Flavor`)).body
    expect(onFlavors.properties).toEqual({ 'hw:size': size })
    expect(onFlavors.objects[0]).toMatchObject({ required: ['hw:bus'], properties: { 'hw:bus': { type: 'string' } } })
    expect((await cloud.as('demo').get(`${path}/full?resource_type=other`)).body).toEqual(shown)
  })

  test('one that is refused for a part of it leaves nothing', async () => {
    const [status, message] = await messageOf(make('twice', { tags: [{ name: 'a' }, { name: 'a' }] }))
    expect([status, message]).toEqual([409, 'A metadata tag with name=a already exists in namespace=twice.'])
    expect(await messageOf(admin().get(`${path}/twice`))).toEqual([404, 'Metadata definition namespace=twice was not found.'])
  })

  test('a name is there once, however often it is made at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => make('once')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)!.body
    expect(refused).toContain('The metadata definition namespace=once already exists.')
  })

  test('what another project keeps private does not exist, what is public is for all to see and for admins to change', async () => {
    await make('hidden', { owner: cloud.projectId('alt_demo') })
    await make('open', { visibility: 'public' })
    expect((await cloud.as('alt_demo_reader').get(`${path}/hidden`)).status).toBe(200)
    expect((await cloud.as('demo').get(`${path}/hidden`)).status).toBe(404)
    for (const part of ['objects', 'properties', 'tags', 'resource_types'])
      expect((await cloud.as('demo').get(`${path}/hidden/${part}`)).status, part).toBe(404)
    expect(namesOf(await cloud.as('alt_demo').get(path))).toEqual(expect.arrayContaining(['hidden', 'open']))
    const seen = namesOf(await cloud.as('demo').get(path))
    expect(seen).toContain('open')
    expect(seen).not.toContain('hidden')
    expect((await cloud.as('demo').get(`${path}?marker=hidden`)).status).toBe(404)
    expect((await cloud.as('demo').put(`${path}/open`, { namespace: 'open' })).status).toBe(403)
    expect((await cloud.as('demo').delete(`${path}/open`)).status).toBe(403)
    expect((await cloud.as('demo').post(path, { namespace: 'mine' })).status).toBe(403)
  })

  test('a change replaces what is said of it, its name included, and keeps what is in it', async () => {
    await make('before', { description: 'old', visibility: 'public', tags: [{ name: 'kept' }] })
    const { status, body } = await admin().put(`${path}/before`, { namespace: 'after', display_name: 'New', protected: true })
    expect([status, body]).toEqual([200, expect.objectContaining({ namespace: 'after', display_name: 'New', visibility: 'private' })])
    expect(body).not.toHaveProperty('description')
    expect((await admin().get(`${path}/before`)).status).toBe(404)
    expect((await admin().get(`${path}/after`)).body).toEqual({ ...body, tags: [{ name: 'kept' }] })
    await make('other')
    const clash = 'Invalid update. It would result in a duplicate metadata definition namespace with the same name of other'
    expect(await messageOf(admin().put(`${path}/after`, { namespace: 'other' }))).toEqual([409, clash])
    expect(await messageOf(admin().put(`${path}/before`, { namespace: 'x' }))).toEqual([404, 'Namespace before not found'])
  })

  test('a protected one can not be deleted, nor anything in it; an unprotected one goes with all that is in it', async () => {
    const parts = { objects: [{ name: 'o' }], tags: [{ name: 't' }], properties: { p: { title: 'P', type: 'string' } } }
    await make('guarded', { ...parts, protected: true, resource_type_associations: [{ name: 'r' }] })
    const refused = (what: string) => [403, `Metadata definition ${what} is protected and cannot be deleted.`]
    const deletes = {
      '': 'namespace guarded',
      '/objects': 'namespace guarded',
      '/properties': 'namespace guarded',
      '/tags': 'namespace guarded',
      '/objects/o': 'object o',
      '/properties/p': 'property p',
      '/tags/t': 'tag t',
      '/resource_types/r': 'resource-type-association r',
    }
    for (const [at, what] of Object.entries(deletes))
      expect(await messageOf(admin().delete(`${path}/guarded${at}`)), at).toEqual(refused(what))
    expect((await admin().get(`${path}/guarded`)).body).toMatchObject({ objects: [{ name: 'o' }], tags: [{ name: 't' }] })
    await admin().put(`${path}/guarded`, { namespace: 'guarded' })
    expect((await admin().delete(`${path}/guarded`)).status).toBe(204)
    expect((await admin().delete(`${path}/guarded`)).status).toBe(404)
    await make('guarded')
    const again = (await admin().get(`${path}/guarded`)).body
    for (const part of ['objects', 'properties', 'tags', 'resource_type_associations']) expect(again).not.toHaveProperty(part)
  })

  test('nothing is added to one that is deleted at the same time', async () => {
    const names = Array.from({ length: 4 }, (_, index) => `race ${index}`)
    await Promise.all(names.map((name) => make(name)))
    await Promise.all(
      names.flatMap((name) => [
        admin().delete(`${path}/${name}`),
        ...['a', 'b'].map((tag) => admin().post(`${path}/${name}/tags/${tag}`, {})),
      ]),
    )
    const orphans = await cloud.ctx.db
      .selectFrom('glance_metadef_definitions')
      .select('name')
      .where('namespace_id', 'not in', cloud.ctx.db.selectFrom('glance_metadef_namespaces').select('id'))
      .execute()
    expect(orphans).toEqual([])
  })

  test.each([
    [{}, 400, "'namespace' is a required property"],
    [{ namespace: 'n'.repeat(81) }, 400, 'is too long'],
    [{ namespace: 'x', visibility: 'shared' }, 400, "'shared' is not one of ['public', 'private']"],
    [{ namespace: 'x', colour: 'red' }, 400, "Additional properties are not allowed ('colour' was unexpected)"],
    [{ namespace: 'x', properties: { p: { type: 'string' } } }, 400, "'title' is a required property"],
    [{ namespace: 'x', properties: { p: { type: 'string', title: 'P', colour: 1 } } }, 400, "('colour' was unexpected)"],
    [{ namespace: 'x', objects: [{}] }, 400, "'name' is a required property"],
    [{ namespace: 'x', objects: [{ name: 'o', required: ['a', 'a'] }] }, 400, "['a', 'a'] has non-unique elements"],
    [{ namespace: 'x', tags: [{ name: 't'.repeat(256) }] }, 400, 'is too long'],
    [{ namespace: 'x', resource_type_associations: [{ name: 'r'.repeat(81) }] }, 400, 'is too long'],
    [{ namespace: 'x', self: '/x' }, 403, "Attribute 'self' is read-only."],
    [{ namespace: 'x', created_at: 'now' }, 403, "Attribute 'created_at' is read-only."],
  ])('a namespace like %j is refused with %i', async (body, status, words) => {
    const refused = await messageOf(admin().post(path, body))
    const unescape = (text: string) => text.replaceAll('&#x27;', "'")
    expect([refused[0], unescape(refused[1])]).toEqual([status, expect.stringContaining(words)])
    if (status === 400) expect(unescape(refused[1])).toContain("Provided object does not match schema 'namespace'")
    expect((await admin().get(`${path}/x`)).status).toBe(404)
  })
})

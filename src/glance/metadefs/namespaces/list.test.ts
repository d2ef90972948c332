import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../../test/helpers/a-cloud.ts'

const path = '/image/v2/metadefs/namespaces'

describe.each(databases)('lists of namespaces on %s', (database) => {
  const cloud = useCloud(database)
  const list = async (query: string) => cloud.as('admin').get(`${path}${query}`)
  const names = async (query: string): Promise<string[]> => (await list(query)).body.namespaces.map((one: any) => one.namespace)
  beforeAll(async () => {
    for (const [namespace, choices] of Object.entries({
      b: { display_name: 'Y', visibility: 'public', resource_type_associations: [{ name: 'flavor' }, { name: 'image' }] },
      d: { display_name: 'X', resource_type_associations: [{ name: 'image', prefix: 'img_' }] },
      a: { visibility: 'public' },
      c: { protected: true },
    }))
      await cloud.as('admin').post(path, { namespace, ...choices })
  })

  test('the youngest comes first, unless another order is asked for', async () => {
    expect(await names('')).toEqual(['c', 'a', 'd', 'b'])
    expect(await names('?sort_dir=asc')).toEqual(['b', 'd', 'a', 'c'])
    expect(await names('?sort_key=namespace&sort_dir=asc')).toEqual(['a', 'b', 'c', 'd'])
    expect(await names('?sort_key=display_name&sort_dir=desc')).toEqual(['b', 'd', 'c', 'a'])
    expect((await names('?sort_key=protected'))[0]).toBe('c')
  })

  test.each(['', '&sort_dir=asc', '&sort_key=display_name', '&sort_key=owner&sort_dir=asc', '&sort_key=visibility'])(
    'page after page gives each one once (limit=1%s)',
    async (order) => {
      const all = await names(`?limit=100${order}`)
      const seen: string[] = []
      let { body } = await list(`?limit=1${order}`)
      expect(body.first).toBe(`/v2/metadefs/namespaces?limit=1${order}`)
      for (;;) {
        seen.push(...body.namespaces.map((one: any) => one.namespace))
        if (!body.next || seen.length > 10) break
        body = (await cloud.as('admin').get(`/image${body.next}`)).body
      }
      expect(seen).toEqual(all)
    },
  )

  test('they are filtered by who sees them and by what they are for', async () => {
    expect(await names('?visibility=public')).toEqual(['a', 'b'])
    expect(await names('?visibility=private')).toEqual(['c', 'd'])
    expect(await names('?resource_types=image')).toEqual(['d', 'b'])
    expect(await names('?resource_types=flavor,nothing')).toEqual(['b'])
    expect(await names('?resource_types=nothing')).toEqual([])
  })

  test('each says which types of resources it is for', async () => {
    const [, , d] = (await list('')).body.namespaces
    expect(d.resource_type_associations).toEqual([
      { name: 'image', prefix: 'img_', created_at: expect.any(String), updated_at: expect.any(String) },
    ])
    expect((await list('')).body).toMatchObject({ first: '/v2/metadefs/namespaces', schema: '/v2/schemas/metadefs/namespaces' })
  })

  test.each([
    ['?limit=x', 400, 'limit param must be an integer'],
    ['?limit=-1', 400, 'limit param must be positive'],
    ['?sort_dir=up', 400, 'Invalid sort direction: up'],
    ['?sort_key=colour', 400, 'Invalid sort key: colour'],
    ['?visibility=shared', 400, 'Invalid visibility value: shared'],
    ['?marker=nothing', 404, 'Metadata definition namespace=nothing was not found.'],
  ])('a list like %s is refused with %i', async (query, status, words) => {
    const reply = await list(query)
    expect([reply.status, reply.body]).toEqual([status, expect.stringContaining(words)])
  })
})

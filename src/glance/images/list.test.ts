import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage } from '../../../test/helpers/image-files.ts'

describe.each(databases)('lists of images on %s', (database) => {
  const cloud = useCloud(database)
  const list = async (query: string, user: Parameters<typeof cloud.as>[0] = 'demo') => cloud.as(user).get(`/image/v2/images${query}`)
  const names = async (query: string, user: Parameters<typeof cloud.as>[0] = 'demo'): Promise<string[]> =>
    (await list(query, user)).body.images.map((image: { name: string }) => image.name)
  let group = 0
  /** Makes images that share a property, so that tests don't see each other's. */
  const some = async (...images: object[]): Promise<string> => {
    const mark = `g${++group}`
    for (const image of images) await anImage(cloud.as('demo'), { mark, ...image })
    return `mark=${mark}`
  }

  test('an empty list says where it starts', async () => {
    const { status, body } = await list('?name=nosuch')
    expect([status, body]).toEqual([200, { images: [], first: '/v2/images?name=nosuch', schema: '/v2/schemas/images' }])
  })

  test('pages go on where the one before ended, to the end and no further', async () => {
    const mine = await some(...['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })))
    const seen: string[] = []
    let path: string | undefined = `/v2/images?${mine}&limit=2&sort=name:asc`
    for (let pages = 0; path !== undefined && pages < 9; pages++) {
      const { body } = await cloud.as('demo').get(`/image${path}`)
      seen.push(body.images.map((image: { name: string }) => image.name).join(''))
      path = body.next
    }
    expect(seen).toEqual(['ab', 'cd', 'e'])
  })

  test('newest come first, and a page can be continued after an image that was deleted meanwhile', async () => {
    const mine = await some({ name: '1' }, { name: '2' }, { name: '3' }, { name: '4' })
    const { body } = await list(`?${mine}&limit=2`)
    expect(body.images.map((image: { name: string }) => image.name)).toEqual(['4', '3'])
    await cloud.as('demo').delete(`/image/v2/images/${body.images[1].id}`)
    expect(await names(body.next.replace('/v2/images', ''))).toEqual(['2', '1'])
  })

  test('images without the value that is sorted by come first or last, and none is lost between pages', async () => {
    const mine = await some(
      { name: 'x', disk_format: null },
      { name: null },
      { name: 'y', disk_format: 'iso' },
      { name: null, disk_format: null },
    )
    for (const sort of ['name:asc', 'name:desc', 'disk_format:asc,name:desc', 'size:desc', 'status:asc,id:asc']) {
      const whole = (await list(`?${mine}&sort=${sort}`)).body.images.map((image: { id: string }) => image.id)
      const paged: string[] = []
      let query: string | undefined = `?${mine}&sort=${sort}&limit=1`
      while (query !== undefined) {
        const { body } = await list(query)
        paged.push(body.images[0].id)
        query = body.next?.replace('/v2/images', '')
      }
      expect(paged, sort).toEqual(whole)
      expect(whole, sort).toHaveLength(4)
    }
  })

  test('the classic way to sort works too', async () => {
    const mine = await some({ name: 'b', disk_format: 'iso' }, { name: 'a', disk_format: 'iso' }, { name: 'c' })
    expect(await names(`?${mine}&sort_key=name&sort_dir=asc`)).toEqual(['a', 'b', 'c'])
    expect(await names(`?${mine}&sort_key=disk_format&sort_dir=desc&sort_key=name&sort_dir=asc`)).toEqual(['c', 'a', 'b'])
    expect(await names(`?${mine}&sort_key=name`)).toEqual(['c', 'b', 'a'])
  })

  test('filters narrow by attribute, property and tag', async () => {
    const mine = await some(
      { name: 'one', tags: ['x', 'y'], os_distro: 'debian', min_disk: 2 },
      { name: 'two, or more', tags: ['x'], os_distro: 'Debian', disk_format: 'qcow2', protected: true },
      { name: 'three', os_hidden: true },
    )
    expect(await names(`?${mine}&sort=name`)).toEqual(['two, or more', 'one'])
    expect(await names(`?${mine}&name=one`)).toEqual(['one'])
    expect(await names(`?${mine}&name=ONE`)).toEqual([])
    expect(await names(`?${mine}&name=in:"two, or more",one&sort=name`)).toEqual(['two, or more', 'one'])
    expect(await names(`?${mine}&disk_format=in:qcow2,iso`)).toEqual(['two, or more'])
    expect(await names(`?${mine}&tag=x&tag=y`)).toEqual(['one'])
    expect(await names(`?${mine}&os_distro=debian`)).toEqual(['one'])
    expect(await names(`?${mine}&protected=true`)).toEqual(['two, or more'])
    expect(await names(`?${mine}&min_disk=2`)).toEqual(['one'])
    expect(await names(`?${mine}&os_hidden=true`)).toEqual(['three'])
    expect(await names(`?${mine}&status=active`)).toEqual([])
    expect(await names(`?${mine}&owner=${cloud.projectId('alt_demo')}`)).toEqual([])
  })

  test('filters narrow by size and by time to the second', async () => {
    const id = await anActiveImage(cloud.as('demo'), { name: 'sized', mark: 'sized' }, 'four')
    const { created_at: time } = (await cloud.as('demo').get(`/image/v2/images/${id}`)).body
    for (const query of [
      'size_min=4',
      'size_max=4',
      'size_min=4&size_max=9',
      `created_at=${time}`,
      `created_at=gte:${time}`,
      `updated_at=lte:2999-01-01`,
      `created_at=eq:${time}`,
    ]) {
      expect([query, await names(`?mark=sized&${query}`)]).toEqual([query, ['sized']])
    }
    for (const query of [
      'size_min=5',
      'size_max=3',
      `created_at=gt:${time}`,
      `created_at=lt:${time}`,
      `created_at=neq:${time}`,
      'updated_at=gt:2999-01-01T00:00:00Z',
    ]) {
      expect([query, await names(`?mark=sized&${query}`)]).toEqual([query, []])
    }
  })

  test('each project lists its own, the public ones, and what it accepted of others', async () => {
    const mark = 'mark=seen'
    const make = (user: 'admin' | 'demo', visibility: string) => anImage(cloud.as(user), { name: visibility, mark: 'seen', visibility })
    await make('admin', 'public')
    await make('demo', 'private')
    await make('demo', 'community')
    const shared = await make('demo', 'shared')
    const other = 'alt_demo'
    expect(await names(`?${mark}&sort=name:asc`)).toEqual(['community', 'private', 'public', 'shared'])
    expect(await names(`?${mark}&sort=name:asc`, other)).toEqual(['public'])
    expect(await names(`?${mark}&visibility=community`, other)).toEqual(['community'])
    expect(await names(`?${mark}&visibility=all&sort=name:asc`, other)).toEqual(['community', 'public'])
    await cloud.as('demo').post(`/image/v2/images/${shared}/members`, { member: cloud.projectId(other) })
    expect(await names(`?${mark}&visibility=shared`, other)).toEqual([])
    expect(await names(`?${mark}&visibility=shared&member_status=pending`, other)).toEqual(['shared'])
    expect(await names(`?${mark}&visibility=shared&member_status=all`, other)).toEqual(['shared'])
    await cloud.as(other).put(`/image/v2/images/${shared}/members/${cloud.projectId(other)}`, { status: 'accepted' })
    expect(await names(`?${mark}&sort=name:asc`, other)).toEqual(['public', 'shared'])
    expect(await names(`?${mark}&sort=name:asc`, 'admin')).toEqual(['private', 'public', 'shared'])
  })

  test.each([
    ['limit=x', 'limit param must be an integer'],
    ['limit=-1', 'limit param must be positive'],
    ['marker=nosuch', 'No image found with ID nosuch'],
    ['sort_key=mood', 'Invalid sort key: mood. It must be one of the following: name, status'],
    ['sort_dir=up', 'Invalid sort direction: up'],
    ['sort=name:up', 'Invalid sort direction: up'],
    ['sort=name&sort_key=name', 'Old and new sorting syntax cannot be combined'],
    ['sort_key=name&sort_dir=asc&sort_dir=desc', 'Number of sort dirs does not match'],
    ['visibility=some', 'Invalid visibility value: some'],
    ['member_status=maybe', 'Invalid status: maybe'],
    ['changes-since=x', 'no longer available on v2'],
    ['size_min=big', 'Unable to filter using the specified range.'],
    ['created_at=gt:yesterday', 'ISO 8601'],
    ['created_at=about:2026-01-01', 'unknown operator'],
    ['name=in:"a', 'The quote is not closed'],
    ['os_hidden=perhaps', 'must be true or false'],
  ])('a list with %s is refused', async (query, words) => {
    const { status, body } = await list(`?${query}`)
    expect([status, body]).toEqual([400, expect.stringContaining(words)])
  })

  test("another project's private image marks no place", async () => {
    const id = await anImage(cloud.as('admin'), { visibility: 'private' })
    expect((await list(`?marker=${id}`)).status).toBe(400)
    expect((await list(`?marker=${id}`, 'admin')).status).toBe(200)
  })

  test('odd but harmless queries find nothing', async () => {
    for (const query of [
      'min_disk=999999999999999',
      'x=',
      'name=%F0%9F%98%80',
      'id=in:',
      'size=999999999999999',
      'tag=',
      'name=%00',
      'created_at=0001-01-01',
    ]) {
      const { status } = await list(`?${query}`)
      expect([query, [200, 400].includes(status)]).toEqual([query, true])
    }
    expect((await list('?limit=0')).body.images).toEqual([])
  })
})

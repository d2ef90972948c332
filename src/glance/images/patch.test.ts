import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage } from '../../../test/helpers/image-files.ts'

const patchType = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const oldPatchType = { 'content-type': 'application/openstack-images-v2.0-json-patch' }

describe.each(databases)('patches of images on %s', (database) => {
  const cloud = useCloud(database)
  const demo = () => cloud.as('demo')
  const patch = (
    id: string,
    operations: unknown,
    user: Parameters<typeof cloud.as>[0] = 'demo',
    type: Record<string, string> = patchType,
  ) => cloud.as(user).patch(`/image/v2/images/${id}`, operations, type)

  test('a patch adds, replaces and removes', async () => {
    const id = await anImage(demo(), { old: '1', tags: ['x'] })
    const { status, body } = await patch(id, [
      { op: 'replace', path: '/name', value: 'new' },
      { op: 'replace', path: '/tags', value: ['q', 'p', 'q'] },
      { op: 'add', path: '/hw~1disk', value: 'virtio' },
      { op: 'remove', path: '/old' },
      { op: 'replace', path: '/min_disk', value: 3 },
      { op: 'add', path: '/__proto__', value: 'harmless' },
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'new', tags: ['p', 'q'], 'hw/disk': 'virtio', min_disk: 3 })
    expect(Object.hasOwn(body, '__proto__')).toBe(true)
    expect(body).not.toHaveProperty('old')
    expect((await demo().get(`/image/v2/images/${id}`)).body).toEqual(body)
  })

  test('the older patch format works too, and adds only what is not there', async () => {
    const id = await anImage(demo())
    expect(
      (
        await patch(
          id,
          [
            { add: '/color', value: 'red' },
            { replace: '/name', value: 'n' },
          ],
          'demo',
          oldPatchType,
        )
      ).body,
    ).toMatchObject({ color: 'red', name: 'n' })
    expect((await patch(id, [{ add: '/color', value: 'blue' }], 'demo', oldPatchType)).status).toBe(409)
    expect((await patch(id, [{ op: 'add', path: '/color', value: 'blue' }])).body.color).toBe('blue')
    expect((await patch(id, [{ remove: '/color' }], 'demo', oldPatchType)).body).not.toHaveProperty('color')
  })

  test.each([
    [{}, 400, 'JSON array of operation objects'],
    [['x'], 400, 'Operations must be JSON objects.'],
    [[{ path: '/name', value: 'x' }], 400, 'Unable to find `op`'],
    [[{ op: 'move', path: '/name' }], 400, 'Invalid operation: `move`'],
    [[{ op: 'add', value: 'x' }], 400, 'Unable to find &#x27;path&#x27;'],
    [[{ op: 'add', path: 'name', value: 'x' }], 400, 'does not start with'],
    [[{ op: 'add', path: '/a/b', value: 'x' }], 400, 'Invalid JSON pointer'],
    [[{ op: 'add', path: '/a~2', value: 'x' }], 400, 'escape sequence'],
    [[{ op: 'add', path: '/', value: 'x' }], 400, 'valid token'],
    [[{ op: 'add', path: 5, value: 'x' }], 400, 'must be a string'],
    [[{ op: 'add', path: '/name' }], 400, 'requires a member named'],
    [[{ op: 'replace', path: '/visibility', value: 'mine' }], 400, 'is not one of'],
    [[{ op: 'replace', path: '/min_disk', value: -1 }], 400, 'negative'],
    [[{ op: 'replace', path: '/id', value: 'x' }], 403, 'Attribute &#x27;id&#x27; is read-only.'],
    [[{ op: 'replace', path: '/size', value: 1 }], 403, 'read-only'],
    [[{ op: 'add', path: '/deleted_at', value: 'x' }], 403, 'reserved'],
    [[{ op: 'remove', path: '/name' }], 403, 'Property name may not be removed.'],
    [[{ op: 'replace', path: '/owner', value: 'x' }], 403, 'Owner can&#x27;t be updated by non admin.'],
    [[{ op: 'replace', path: '/visibility', value: 'public' }], 403, 'publicize_image'],
    [[{ op: 'add', path: '/locations/0', value: {} }], 403, 'locations'],
    [[{ op: 'replace', path: '/disk_format', value: 'iso' }], 403, 'can be only replaced for a queued image'],
    [[{ op: 'replace', path: '/nothere', value: 'x' }], 409, 'Property nothere does not exist.'],
    [
      [
        { op: 'add', path: '/a', value: 'x' },
        { op: 'remove', path: '/nothere' },
      ],
      409,
      'does not exist',
    ],
  ])('the patch %j is refused with %i and changes nothing', async (operations, status, words) => {
    const id = await anActiveImage(demo())
    const before = (await demo().get(`/image/v2/images/${id}`)).body
    const answer = await patch(id, operations)
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(words)])
    expect((await demo().get(`/image/v2/images/${id}`)).body).toEqual(before)
  })

  test('a patch of another media type is refused, and the answer says which there are', async () => {
    const answer = await demo().patch(`/image/v2/images/${await anImage(demo())}`, [], { 'content-type': 'application/json' })
    expect([answer.status, answer.headers.get('accept-patch')]).toEqual([
      415,
      expect.stringContaining('application/openstack-images-v2.1-json-patch'),
    ])
  })

  test('patches at the same time all count', async () => {
    const id = await anImage(demo())
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => patch(id, [{ op: 'add', path: `/p${n}`, value: `${n}` }])))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const { body } = await demo().get(`/image/v2/images/${id}`)
    expect(Object.keys(body).filter((name) => /^p\d$/.test(name))).toHaveLength(8)
  })
})

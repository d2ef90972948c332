import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage } from '../../../test/helpers/image-files.ts'

describe.each(databases)('sharing images on %s', (database) => {
  const cloud = useCloud(database)
  const members = (id: string) => `/image/v2/images/${id}/members`
  const share = async (id: string) => cloud.as('demo').post(members(id), { member: cloud.projectId('alt_demo') })
  const own = (id: string) => `${members(id)}/${cloud.projectId('alt_demo')}`

  test('a project that an image is shared with sees it at once, and answers for itself', async () => {
    const id = await anActiveImage(cloud.as('demo'))
    expect((await cloud.as('alt_demo').get(`/image/v2/images/${id}`)).status).toBe(404)
    const { status, body } = await share(id)
    expect([status, body]).toEqual([
      200,
      {
        image_id: id,
        member_id: cloud.projectId('alt_demo'),
        status: 'pending',
        schema: '/v2/schemas/member',
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ])
    expect((await cloud.as('alt_demo').get(`/image/v2/images/${id}/file`)).status).toBe(200)
    const accepted = await cloud.as('alt_demo').put(own(id), { status: 'accepted' })
    expect([accepted.status, accepted.body.status]).toEqual([200, 'accepted'])
    expect((await cloud.as('demo').get(members(id))).body).toEqual({ members: [accepted.body], schema: '/v2/schemas/members' })
  })

  test('only the project itself accepts, only the owner shares', async () => {
    const id = await anImage(cloud.as('demo'))
    await share(id)
    const refused = await cloud.as('demo').put(own(id), { status: 'accepted' })
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('modify_member')])
    expect((await cloud.as('alt_demo').post(members(id), { member: 'a friend' })).status).toBe(403)
    expect((await cloud.as('alt_demo').delete(own(id))).status).toBe(403)
    expect((await cloud.as('demo_reader').get(members(id))).status).toBe(200)
    expect((await cloud.as('demo_reader').delete(own(id))).status).toBe(403)
  })

  test('a member knows of itself only', async () => {
    const id = await anImage(cloud.as('demo'))
    await share(id)
    await cloud.as('demo').post(members(id), { member: 'another' })
    const known = (await cloud.as('alt_demo').get(members(id))).body.members
    expect(known.map((member: { member_id: string }) => member.member_id)).toEqual([cloud.projectId('alt_demo')])
    expect((await cloud.as('alt_demo').get(own(id))).status).toBe(200)
    expect((await cloud.as('alt_demo').get(`${members(id)}/another`)).status).toBe(404)
    expect((await cloud.as('demo').get(`${members(id)}/another`)).status).toBe(200)
  })

  test('sharing ends when the owner says so', async () => {
    const id = await anImage(cloud.as('demo'))
    await share(id)
    expect((await cloud.as('demo').delete(own(id))).status).toBe(204)
    expect((await cloud.as('demo').delete(own(id))).status).toBe(404)
    expect((await cloud.as('alt_demo').get(`/image/v2/images/${id}`)).status).toBe(404)
  })

  test('one project is a member once, however often it is added at the same time', async () => {
    const id = await anImage(cloud.as('demo'))
    const answers = await Promise.all(Array.from({ length: 5 }, () => share(id)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409])
  })

  test('an image that is private or public has no members', async () => {
    for (const [user, visibility] of [
      ['demo', 'private'],
      ['admin', 'public'],
    ] as const) {
      const refused = await cloud.as(user).post(members(await anImage(cloud.as(user), { visibility })), { member: 'x' })
      expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('Only shared images have members.')])
    }
  })

  test.each([[{}], [{ member: '' }], [{ member: 5 }], [{ member: 'm'.repeat(256) }]])('a member like %j is refused', async (body) => {
    expect((await cloud.as('demo').post(members(await anImage(cloud.as('demo'))), body)).status).toBe(400)
  })

  test('an answer is pending, accepted or rejected', async () => {
    const id = await anImage(cloud.as('demo'))
    await share(id)
    expect((await cloud.as('alt_demo').put(own(id), { status: 'perhaps' })).status).toBe(400)
    expect((await cloud.as('alt_demo').put(own(id), {})).status).toBe(400)
    expect((await cloud.as('alt_demo').put(own(id), { status: 'rejected' })).body.status).toBe('rejected')
  })
})

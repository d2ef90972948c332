import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const base = '/compute/v2.1/os-server-groups'

describe.each(databases)('server groups on %s', (database) => {
  const cloud = useCloud(database)

  test('a member makes a group, sees it and removes it', async () => {
    const made = await cloud.as('demo').post(base, { server_group: { name: 'g', policies: ['anti-affinity'] } })
    expect(made.status).toBe(200)
    const { id } = made.body.server_group
    expect(made.body.server_group).toEqual({ id, name: 'g', policies: ['anti-affinity'], members: [], metadata: {} })
    const newest = (await cloud.as('demo_reader').get(`${base}/${id}`, at('2.64'))).body.server_group
    expect(newest).toEqual({
      id,
      name: 'g',
      policy: 'anti-affinity',
      rules: {},
      members: [],
      project_id: cloud.projectId('demo'),
      user_id: cloud.userId('demo'),
    })
    expect((await cloud.as('alt_demo').get(`${base}/${id}`)).body).toEqual({
      itemNotFound: { code: 404, message: `Instance group ${id} could not be found.` },
    })
    expect((await cloud.as('alt_demo').delete(`${base}/${id}`)).status).toBe(404)
    expect((await cloud.as('demo_reader').delete(`${base}/${id}`)).status).toBe(403)
    expect((await cloud.as('demo').get(base)).body.server_groups).toHaveLength(1)
    expect((await cloud.as('alt_demo').get(base)).body.server_groups).toEqual([])
    expect((await cloud.as('admin').get(`${base}?all_projects=True`)).body.server_groups).toHaveLength(1)
    expect((await cloud.as('demo').delete(`${base}/${id}`)).status).toBe(204)
    expect((await cloud.as('demo').delete(`${base}/${id}`)).status).toBe(404)
  })

  test('policies and rules are those of the version', async () => {
    const post = (server_group: object, version: string) => cloud.as('demo').post(base, { server_group }, at(version))
    expect((await post({ name: 'g', policies: ['soft-affinity'] }, '2.14')).status).toBe(400)
    expect((await post({ name: 'g', policies: ['soft-affinity'] }, '2.15')).status).toBe(200)
    expect((await post({ name: 'g', policies: ['affinity'] }, '2.64')).status).toBe(400)
    expect((await post({ name: 'g', policy: 'affinity', rules: { max_server_per_host: 2 } }, '2.64')).body.badRequest.message).toBe(
      'Only anti-affinity policy supports rules.',
    )
    expect((await post({ name: 'g', policy: 'anti-affinity', rules: { max_server_per_host: 2 } }, '2.64')).body.server_group.rules).toEqual(
      { max_server_per_host: 2 },
    )
  })

  test('a project has no more groups than its quota, however many are asked for at once', async () => {
    const group = { server_group: { name: 'g', policies: ['affinity'] } }
    const replies = await Promise.all(Array.from({ length: 14 }, () => cloud.as('alt_demo').post(base, group)))
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(10)
    expect(replies.find((reply) => reply.status !== 200)!.body).toEqual({
      forbidden: { code: 403, message: 'Quota exceeded, too many server groups.' },
    })
    await cloud.as('alt_demo').delete(`${base}/${replies.find((reply) => reply.status === 200)!.body.server_group.id}`)
    expect((await cloud.as('alt_demo').post(base, group)).status).toBe(200)
  })
})

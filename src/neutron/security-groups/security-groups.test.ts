import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { networking } from '../../../test/helpers/networking.ts'
import { defaultGroup } from './bindings.ts'

const path = '/networking/v2.0/security-groups'

describe.each(databases)('security groups on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const demo = () => cloud.as('demo')
  const make = async (fields: object = {}, client = demo()) =>
    (await client.post(path, { security_group: { name: 'web', ...fields } })).body.security_group

  const net = networking(cloud)
  const aPort = (groupIds: string[]) => net.port({ networkId: network.id, groupIds })
  let network: any
  beforeAll(async () => {
    network = await net.network()
  })

  test('every project finds a default group, and only one, however many look at once', async () => {
    const looks = Array.from({ length: 8 }, (_, index) => cloud.as('alt_demo', { controller: index % 2 }).get(path))
    const made = net.inTransaction((ctx, tx) => defaultGroup(ctx, tx, cloud.projectId('alt_demo')))
    const lists = (await Promise.all(looks)).map(({ body }) => body.security_groups)
    for (const list of lists) expect(list).toMatchObject([{ id: await made, name: 'default', description: 'Default security group' }])
    const rules = lists[0][0].security_group_rules
    expect(rules.map((rule: any) => `${rule.direction} ${rule.ethertype} ${rule.remote_group_id ?? ''}`).toSorted()).toEqual([
      'egress IPv4 ',
      'egress IPv6 ',
      `ingress IPv4 ${await made}`,
      `ingress IPv6 ${await made}`,
    ])
  })

  test('a new group lets everything out', async () => {
    const { status, body } = await demo().post(path, { security_group: { name: 'web', description: 'the web' } })
    expect(status).toBe(201)
    const group = body.security_group
    expect(group).toMatchObject({
      name: 'web',
      description: 'the web',
      stateful: true,
      shared: false,
      tags: [],
      revision_number: 1,
      project_id: cloud.projectId('demo'),
      tenant_id: cloud.projectId('demo'),
    })
    expect(group.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(group.security_group_rules.map((rule: any) => `${rule.direction} ${rule.ethertype}`).toSorted()).toEqual([
      'egress IPv4',
      'egress IPv6',
    ])
    expect((await demo().get(`${path}/${group.id}`)).body.security_group).toEqual(group)
  })

  test('a group can be renamed, described and made stateless', async () => {
    const { id } = await make()
    const { status, body } = await demo().put(`${path}/${id}`, { security_group: { name: 'db', description: 'x', stateful: 'false' } })
    expect(status).toBe(200)
    expect(body.security_group).toMatchObject({ name: 'db', description: 'x', stateful: false, revision_number: 2 })
    const stale = await demo().put(`${path}/${id}`, { security_group: { name: 'y' } }, { 'if-match': 'revision_number=1' })
    expect(stale.status).toBe(412)
    await demo().delete(`${path}/${id}`)
  })

  test('the name default is taken, and the default group stays as it is', async () => {
    const refused = await demo().post(path, { security_group: { name: 'default' } })
    expect(refused.status).toBe(409)
    expect(refused.body.NeutronError).toMatchObject({
      type: 'SecurityGroupDefaultAlreadyExists',
      message: 'Default security group already exists.',
    })
    const [group] = (await demo().get(`${path}?name=default`)).body.security_groups
    const renamed = await demo().put(`${path}/${group.id}`, { security_group: { name: 'other' } })
    expect([renamed.status, renamed.body.NeutronError.type]).toEqual([409, 'SecurityGroupCannotUpdateDefault'])
    const deleted = await demo().delete(`${path}/${group.id}`)
    expect([deleted.status, deleted.body.NeutronError.type]).toEqual([409, 'SecurityGroupCannotRemoveDefault'])
    const other = await make()
    const taken = await demo().put(`${path}/${other.id}`, { security_group: { name: 'default' } })
    expect(taken.status).toBe(409)
    await demo().delete(`${path}/${other.id}`)
  })

  test('a group that guards a port stays until the port is gone', async () => {
    const { id } = await make()
    const port = await aPort([id])
    const refused = await demo().delete(`${path}/${id}`)
    expect(refused.status).toBe(409)
    expect(refused.body).toEqual({ NeutronError: { type: 'SecurityGroupInUse', message: `Security Group ${id} in use.`, detail: '' } })
    await net.dropPort(port.id)
    expect((await demo().delete(`${path}/${id}`)).status).toBe(204)
    expect((await demo().get(`${path}/${id}`)).status).toBe(404)
  })

  test('a port is never guarded by a group that goes at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await make()
      const [deleted, port] = await Promise.all([
        cloud.as('demo', { controller: 1 }).delete(`${path}/${id}`),
        aPort([id]).catch((error: Error) => error.message),
      ])
      if (deleted.status === 204) expect(port).toBe(`Security group ${id} does not exist`)
      else expect([deleted.status, typeof port]).toEqual([409, 'object'])
      if (typeof port === 'object') await net.dropPort(port.id)
      await demo().delete(`${path}/${id}`)
    }
  })

  test('groups of other projects do not exist', async () => {
    const { id } = await make()
    const alt = cloud.as('alt_demo')
    const missing = { NeutronError: { type: 'SecurityGroupNotFound', message: `Security group ${id} does not exist`, detail: '' } }
    for (const answer of [
      await alt.get(`${path}/${id}`),
      await alt.put(`${path}/${id}`, { security_group: { name: 'x' } }),
      await alt.delete(`${path}/${id}`),
    ]) {
      expect([answer.status, answer.body]).toEqual([404, missing])
    }
    expect((await alt.get(`${path}?id=${id}`)).body.security_groups).toEqual([])
    expect((await cloud.as('admin').get(`${path}/${id}`)).status).toBe(200)
    expect((await cloud.as('demo_reader').get(`${path}/${id}`)).status).toBe(200)
    expect((await cloud.as('demo_reader').delete(`${path}/${id}`)).status).toBe(403)
    await demo().delete(`${path}/${id}`)
  })

  test('a member makes groups for no other project, an admin does', async () => {
    const project_id = cloud.projectId('alt_demo')
    expect((await demo().post(path, { security_group: { name: 'x', project_id } })).status).toBe(403)
    const made = await make({ tenant_id: project_id }, cloud.as('admin'))
    expect(made).toMatchObject({ project_id, tenant_id: project_id })
    await cloud.as('admin').delete(`${path}/${made.id}`)
  })

  test('several groups are made at once, all or none', async () => {
    const { status, body } = await demo().post(path, { security_groups: [{ name: 'bulk1' }, { name: 'bulk2' }] })
    expect(status).toBe(201)
    expect(body.security_groups.map((group: any) => group.name)).toEqual(['bulk1', 'bulk2'])
    expect((await demo().post(path, { security_groups: [{ name: 'bulk3' }, { name: 'default' }] })).status).toBe(409)
    expect((await demo().get(`${path}?name=bulk3`)).body.security_groups).toEqual([])
    for (const group of body.security_groups) await demo().delete(`${path}/${group.id}`)
  })

  test('the quota of groups holds however many ask at once', async () => {
    const asks = Array.from({ length: 20 }, (_, index) =>
      cloud.as('alt_demo', { controller: index % 2 }).post(path, { security_group: { name: `q${index}` } }),
    )
    const answers = await Promise.all(asks)
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(9) // the default group is the tenth
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.body.NeutronError]).toEqual([
        409,
        { type: 'OverQuota', message: "Quota exceeded for resources: ['security_group'].", detail: '' },
      ])
    }
    for (const { body } of made) expect((await cloud.as('alt_demo').delete(`${path}/${body.security_group.id}`)).status).toBe(204)
    expect((await cloud.as('alt_demo').post(path, { security_group: { name: 'again' } })).status).toBe(201)
  })

  test.each([
    [{}, "Unable to find 'security_group' in request body"],
    [{ security_group: { bogus: 1 } }, "Unrecognized attribute(s) 'bogus'"],
    [{ security_group: { name: 'x'.repeat(256) } }, `Invalid input for name. Reason: '${'x'.repeat(256)}' exceeds maximum length of 255.`],
    [
      { security_group: { name: 'x', stateful: 'perhaps' } },
      "Invalid input for stateful. Reason: 'perhaps' cannot be converted to boolean.",
    ],
    [{ security_group: { project_id: 'a', tenant_id: 'b' } }, "'project_id' and 'tenant_id' do not match"],
  ])('%j is refused', async (body, message) => {
    const answer = await demo().post(path, body)
    expect([answer.status, answer.body.NeutronError.message]).toEqual([400, message])
  })

  test('lists are filtered, sorted and paged', async () => {
    const ids: string[] = []
    for (const name of ['pa', 'pb', 'pc']) ids.push((await make({ name, description: 'paged' })).id)
    const get = async (query: string) => (await demo().get(`${path}?description=paged&${query}`)).body
    expect((await get('sort_key=name&sort_dir=desc')).security_groups.map((group: any) => group.name)).toEqual(['pc', 'pb', 'pa'])
    const page = await get('sort_key=name&sort_dir=asc&limit=2')
    expect(page.security_groups.map((group: any) => group.name)).toEqual(['pa', 'pb'])
    expect(page.security_groups_links[0].rel).toBe('next')
    expect((await get(`sort_key=name&sort_dir=asc&limit=2&marker=${ids[1]}`)).security_groups.map((group: any) => group.name)).toEqual([
      'pc',
    ])
    expect((await get('fields=id&fields=name&name=pa')).security_groups).toEqual([{ id: ids[0], name: 'pa' }])
    for (const id of ids) await demo().delete(`${path}/${id}`)
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const path = '/networking/v2.0/security-group-rules'
const groupsPath = '/networking/v2.0/security-groups'

describe.each(databases)('security group rules on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const demo = () => cloud.as('demo')
  const aGroup = async (): Promise<string> => (await demo().post(groupsPath, { security_group: { name: 'g' } })).body.security_group.id
  const add = (security_group_id: string, rule: object, controller = 0) =>
    cloud.as('demo', { controller }).post(path, { security_group_rule: { security_group_id, direction: 'ingress', ...rule } })

  test('a rule lets ssh in', async () => {
    const groupId = await aGroup()
    const { status, body } = await add(groupId, {
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
      remote_ip_prefix: '10.1.2.3/8',
      ethertype: 'IPv4',
    })
    expect(status).toBe(201)
    const rule = body.security_group_rule
    expect(rule).toMatchObject({
      security_group_id: groupId,
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
      remote_ip_prefix: '10.1.2.3/8',
      normalized_cidr: '10.0.0.0/8',
      remote_group_id: null,
      remote_address_group_id: null,
      description: '',
      revision_number: 0,
      project_id: cloud.projectId('demo'),
    })
    expect((await demo().get(`${path}/${rule.id}`)).body.security_group_rule).toEqual(rule)
    const group = (await demo().get(`${groupsPath}/${groupId}`)).body.security_group
    expect([group.revision_number, group.security_group_rules.length]).toEqual([2, 3])
    expect((await demo().delete(`${path}/${rule.id}`)).status).toBe(204)
    expect((await demo().get(`${path}/${rule.id}`)).body.NeutronError).toEqual({
      type: 'SecurityGroupRuleNotFound',
      message: `Security group rule ${rule.id} does not exist`,
      detail: '',
    })
    await demo().delete(`${groupsPath}/${groupId}`)
  })

  test('the same rule is there once, however it is written and however many add it at once', async () => {
    const groupId = await aGroup()
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        add(groupId, { protocol: index % 2 ? 'tcp' : 6, port_range_min: 80, port_range_max: '80' }, index % 2),
      ),
    )
    const [made, ...more] = answers.filter(({ status }) => status === 201)
    expect(more).toEqual([])
    const message = `Security group rule already exists. Rule id is ${made!.body.security_group_rule.id}.`
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.body.NeutronError]).toEqual([409, { type: 'SecurityGroupRuleExists', message, detail: '' }])
    }
    expect((await add(groupId, { direction: 'egress' })).status).toBe(409)
    await demo().delete(`${groupsPath}/${groupId}`)
  })

  test('several rules are added at once, all or none', async () => {
    const groupId = await aGroup()
    const rule = (port: number) => ({
      security_group_id: groupId,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: port,
      port_range_max: port,
    })
    const { status, body } = await demo().post(path, { security_group_rules: [rule(1), rule(2)] })
    expect([status, body.security_group_rules.map((made: any) => made.port_range_min)]).toEqual([201, [1, 2]])
    const twice = await demo().post(path, { security_group_rules: [rule(3), rule(3)] })
    expect([twice.status, twice.body.NeutronError.type]).toEqual([409, 'DuplicateSecurityGroupRuleInPost'])
    const known = await demo().post(path, { security_group_rules: [rule(4), rule(2)] })
    expect([known.status, known.body.NeutronError.type]).toEqual([409, 'SecurityGroupRuleExists'])
    const other = await aGroup()
    const mixed = await demo().post(path, { security_group_rules: [rule(5), { ...rule(5), security_group_id: other }] })
    expect([mixed.status, mixed.body.NeutronError.type]).toEqual([400, 'SecurityGroupNotSingleGroupRules'])
    const rules = (await demo().get(`${path}?security_group_id=${groupId}&direction=ingress&fields=port_range_min`)).body
      .security_group_rules
    expect(rules.map((one: any) => one.port_range_min).toSorted()).toEqual([1, 2])
    for (const id of [groupId, other]) await demo().delete(`${groupsPath}/${id}`)
  })

  test('a group takes along the rules of others that speak of it', async () => {
    const [one, other] = [await aGroup(), await aGroup()]
    const { body } = await add(one, { remote_group_id: other })
    expect(body.security_group_rule.remote_group_id).toBe(other)
    expect((await demo().delete(`${groupsPath}/${other}`)).status).toBe(204)
    expect((await demo().get(`${path}/${body.security_group_rule.id}`)).status).toBe(404)
    await demo().delete(`${groupsPath}/${one}`)
  })

  test('a rule never outlives its group', async () => {
    for (let round = 0; round < 5; round++) {
      const [groupId, remote] = [await aGroup(), await aGroup()]
      const [added, , gone] = await Promise.all([
        add(groupId, { remote_group_id: remote }),
        add(groupId, { protocol: 'udp' }, 1),
        cloud.as('demo', { controller: 1 }).delete(`${groupsPath}/${round % 2 ? groupId : remote}`),
      ])
      expect(gone.status).toBe(204)
      expect([201, 404]).toContain(added.status)
      await Promise.all([groupId, remote].map((id) => demo().delete(`${groupsPath}/${id}`)))
    }
    const rows = await cloud.ctx.db
      .selectFrom('neutron_quotas')
      .select(['resource', 'used'])
      .where('project_id', '=', cloud.projectId('demo'))
      .execute()
    const left = (await demo().get(path)).body.security_group_rules.length
    expect(rows.find(({ resource }) => resource === 'security_group_rule')!.used).toBe(left)
  })

  test('the quota of rules holds', async () => {
    const groupId = await aGroup()
    const rules = Array.from({ length: 100 }, (_, index) => ({
      security_group_id: groupId,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: index + 1,
      port_range_max: index + 1,
    }))
    const { status, body } = await demo().post(path, { security_group_rules: rules })
    expect([status, body.NeutronError.message]).toEqual([409, "Quota exceeded for resources: ['security_group_rule']."])
    expect((await demo().get(`${path}?security_group_id=${groupId}`)).body.security_group_rules).toHaveLength(2)
    await demo().delete(`${groupsPath}/${groupId}`)
  })

  test('groups and rules of other projects do not exist', async () => {
    const groupId = await aGroup()
    const mine = (await demo().get(`${path}?security_group_id=${groupId}`)).body.security_group_rules[0]
    const alt = cloud.as('alt_demo')
    const added = await alt.post(path, { security_group_rule: { security_group_id: groupId, direction: 'ingress' } })
    expect([added.status, added.body.NeutronError.type]).toEqual([404, 'SecurityGroupNotFound'])
    expect((await alt.get(`${path}/${mine.id}`)).status).toBe(404)
    expect((await alt.delete(`${path}/${mine.id}`)).status).toBe(404)
    expect((await alt.get(`${path}?security_group_id=${groupId}`)).body.security_group_rules).toEqual([])
    const foreign = await add(groupId, { remote_group_id: cloud.ctx.ids.uuid() })
    expect([foreign.status, foreign.body.NeutronError.type]).toEqual([404, 'SecurityGroupNotFound'])
    // A rule that an admin adds to a project's group is that project's to see.
    const byAdmin = await cloud.as('admin').post(path, { security_group_rule: { security_group_id: groupId, direction: 'ingress' } })
    expect(byAdmin.status).toBe(201)
    expect((await demo().get(`${path}/${byAdmin.body.security_group_rule.id}`)).status).toBe(200)
    expect((await demo().get(`${path}?security_group_id=${groupId}`)).body.security_group_rules).toHaveLength(3)
    await demo().delete(`${groupsPath}/${groupId}`)
  })

  test.each([
    [{ direction: undefined }, 'HTTPBadRequest', "Failed to parse request. Required attribute 'direction' not specified"],
    [{ direction: 'sideways' }, 'HTTPBadRequest', "Invalid input for direction. Reason: 'sideways' is not in the list of valid values."],
    [{ ethertype: 'bad' }, 'HTTPBadRequest', "Invalid input for ethertype. Reason: 'bad' is not in ['IPv4', 'IPv6']."],
    [{ bogus: 1 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"],
    [
      { port_range_min: 1, port_range_max: 2 },
      'SecurityGroupProtocolRequiredWithPorts',
      'Must also specify protocol if port range is given.',
    ],
    [{ remote_ip_prefix: 'bad' }, 'InvalidCIDR', 'Invalid CIDR bad given as IP prefix.'],
    [{ ethertype: 4 }, 'HTTPBadRequest', "Invalid input for ethertype. Reason: '4' is not in ['IPv4', 'IPv6']."],
  ])('%j is refused', async (rule, type, message) => {
    const { status, body } = await add('no-group', rule)
    expect([status, body.NeutronError]).toEqual([400, { type, message, detail: '' }])
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { readPrefix } from '../prefixes.ts'
import { keyOf, readAddress, addressAt } from './addresses.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { forWork } from '../../kernel/context.ts'

const api = '/networking/v2.0'
const sorted = (statuses: number[]) => statuses.toSorted((one, other) => one - other)

describe.each(databases)('addresses under concurrency on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const post = async (what: string, body: object, controller = 0) =>
    cloud.as('demo', { controller }).post(`${api}/${what}s`, { [what]: body })
  const aNetwork = async (cidr: string) => {
    const { network } = (await post('network', {})).body
    const { subnet } = (await post('subnet', { network_id: network.id, ip_version: 4, cidr })).body
    return { network, subnet }
  }
  const usedPorts = async () => (await cloud.as('demo').get(`${api}/quotas/${cloud.projectId('demo')}/details`)).body.quota.port.used

  test('40 ports asked for at once on a /27: no address twice, and all 29 are given', async () => {
    const { network } = await aNetwork('10.0.0.0/27')
    const before = await usedPorts()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => post('port', { network_id: network.id }, index % 2)))
    const made = answers.filter((answer) => answer.status === 201)
    const refused = answers.filter((answer) => answer.status === 409)
    expect([made.length, refused.length]).toEqual([29, 11])
    expect(new Set(made.map((answer) => answer.body.port.fixed_ips[0].ip_address)).size).toBe(29)
    expect(refused[0]!.body.NeutronError).toMatchObject({
      type: 'IpAddressGenerationFailure',
      message: `No more IP addresses available on network ${network.id}.`,
    })
    expect(await usedPorts()).toBe(before + 29)
    expect((await cloud.as('demo').get(`${api}/ports?network_id=${network.id}`)).body.ports).toHaveLength(29)
  })

  test('one address asked for by many is given to one', async () => {
    const { network } = await aNetwork('10.0.1.0/24')
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        post('port', { network_id: network.id, fixed_ips: [{ ip_address: '10.0.1.9' }] }, index % 2),
      ),
    )
    expect(sorted(answers.map((answer) => answer.status))).toEqual([201, ...Array(9).fill(409)])
  })

  test('one MAC address asked for by many is given to one', async () => {
    const { network } = await aNetwork('10.0.2.0/24')
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post('port', { network_id: network.id, mac_address: 'fa:16:3e:11:22:33' }, index % 2)),
    )
    expect(sorted(answers.map((answer) => answer.status))).toEqual([201, ...Array(9).fill(409)])
  })

  test('a network that is deleted while ports come leaves none behind', async () => {
    for (let round = 0; round < 5; round++) {
      const { network, subnet } = await aNetwork('10.0.3.0/24')
      const [deleted, ...ports] = await Promise.all([
        cloud.as('demo', { controller: 1 }).delete(`${api}/networks/${network.id}`),
        ...Array.from({ length: 4 }, (_, index) => post('port', { network_id: network.id }, index % 2)),
      ])
      const made = ports.filter((answer) => answer.status === 201).length
      expect([deleted.status, made > 0]).toEqual(deleted.status === 204 ? [204, false] : [409, true])
      expect(ports.every((answer) => answer.status === 201 || answer.body.NeutronError.type === 'NetworkNotFound')).toBe(true)
      const rows = await cloud.ctx.db.selectFrom('neutron_ports').select('id').where('network_id', '=', network.id).execute()
      const addresses = await cloud.ctx.db
        .selectFrom('neutron_ip_allocations')
        .select('port_id')
        .where('subnet_id', '=', subnet.id)
        .execute()
      expect([rows.length, addresses.length]).toEqual([made, made])
    }
  })

  test('a subnet that is deleted while addresses are given leaves none behind', async () => {
    for (let round = 0; round < 5; round++) {
      const { network, subnet } = await aNetwork('10.0.4.0/24')
      const [deleted, ...ports] = await Promise.all([
        cloud.as('demo', { controller: 1 }).delete(`${api}/subnets/${subnet.id}`),
        ...Array.from({ length: 4 }, (_, index) => post('port', { network_id: network.id }, index % 2)),
      ])
      expect(ports.map((answer) => answer.status)).toEqual([201, 201, 201, 201])
      const given = ports.filter((answer) => answer.body.port.fixed_ips.length > 0).length
      expect([deleted.status, given > 0]).toEqual(deleted.status === 204 ? [204, false] : [409, true])
    }
  })

  test('a port deleted by many is given back once', async () => {
    const { network } = await aNetwork('10.0.5.0/24')
    const { port } = (await post('port', { network_id: network.id })).body
    const before = await usedPorts()
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, controller) => cloud.as('demo', { controller: controller % 2 }).delete(`${api}/ports/${port.id}`)),
    )
    expect(sorted(answers.map((answer) => answer.status))).toEqual([204, 404, 404, 404, 404, 404])
    expect(await usedPorts()).toBe(before - 1)
  })

  test('a large subnet with all but a few addresses used still gives one quickly', async () => {
    const { network, subnet } = await aNetwork('10.128.0.0/19')
    const { port } = (await post('port', { network_id: network.id, fixed_ips: [] })).body
    const { first } = readPrefix('10.128.0.0/19')!
    const free = new Set(['10.128.20.7', '10.128.3.3'].map((text) => readAddress(text)!.value))
    const rows = Array.from({ length: 8189 }, (_, index) => first + 2n + BigInt(index))
      .filter((value) => value <= first + 8190n && !free.has(value))
      .map((value) => ({
        subnet_id: subnet.id,
        address_key: keyOf(value),
        address: addressAt(value, 4).text,
        port_id: port.id,
        network_id: network.id,
      }))
    await transaction(forWork(cloud.ctx, 'fill'), 'fill', async (tx) => {
      for (let at = 0; at < rows.length; at += 5000)
        await tx
          .insertInto('neutron_ip_allocations')
          .values(rows.slice(at, at + 5000))
          .execute()
    })
    const started = performance.now()
    const given = await Promise.all([post('port', { network_id: network.id }), post('port', { network_id: network.id }, 1)])
    expect(new Set(given.map((answer) => answer.body.port?.fixed_ips[0].ip_address))).toEqual(new Set(['10.128.20.7', '10.128.3.3']))
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await post('port', { network_id: network.id })).body.NeutronError.type).toBe('IpAddressGenerationFailure')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { aServer, at, isGone, latest, leftovers, serverIn, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'

describe.each(databases)('servers on %s', (database) => {
  const cloud = useCloud(database)
  let hosts: ComputeHosts
  let parts: ServerParts
  beforeAll(async () => {
    hosts = await computeHosts(cloud)
    parts = await serverParts(cloud)
  })
  afterAll(() => hosts.stop())

  test('a member gets a server, sees it run, and gets rid of it without a trace', async () => {
    const demo = cloud.as('demo')
    const reply = await demo.post('/compute/v2.1/servers', aServer(parts, { metadata: { k: 'v' } }))
    expect(reply.status).toBe(202)
    const { id, adminPass, links } = reply.body.server
    expect(adminPass).toHaveLength(12)
    expect(reply.headers.get('location')).toBe(`${cloud.url}/compute/v2.1/servers/${id}`)
    expect(links[1].href).toBe(`${cloud.url}/compute/servers/${id}`)
    await statusIs(cloud, id, 'ACTIVE')
    const { server } = (await demo.get(`/compute/v2.1/servers/${id}`)).body
    expect(server).toMatchObject({
      name: 'vm',
      status: 'ACTIVE',
      metadata: { k: 'v' },
      security_groups: [{ name: 'default' }],
      'OS-EXT-STS:power_state': 1,
    })
    expect(server.addresses.net).toHaveLength(1)
    expect((await demo.delete(`/compute/v2.1/servers/${id}`)).status).toBe(204)
    await isGone(cloud, id)
    expect((await demo.delete(`/compute/v2.1/servers/${id}`)).status).toBe(404)
    expect(await leftovers(cloud)).toEqual([])
  })
  void [at, latest, serverIn]
})

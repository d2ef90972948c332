import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { aServer, isGone, leftovers, serverIn, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'
import { until } from '../../../test/helpers/until.ts'
import { conflict } from '../../kernel/errors.ts'
import { hostsByName } from '../hosts/store.ts'

describe.each(databases)('servers in trouble on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  let hosts: ComputeHosts
  let parts: ServerParts
  beforeAll(async () => {
    hosts = await computeHosts(cloud, { names: ['one', 'two', 'three', 'four'] })
    parts = await serverParts(cloud)
  })
  afterAll(() => hosts.stop())
  const create = async (more: object = {}): Promise<string> =>
    (await cloud.as('demo').post('/compute/v2.1/servers', aServer(parts, more))).body.server.id
  const remove = async (id: string) => {
    expect((await cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)).status).toBe(204)
    await isGone(cloud, id)
  }
  const nothingIsLeft = async () => {
    expect(await leftovers(cloud)).toEqual([])
    expect(['one', 'two', 'three', 'four'].flatMap((host) => hosts.driver.guests(host))).toEqual([])
  }

  test('a host that refuses is passed over for another', async () => {
    const tried: string[] = []
    hosts.beforeAct = ({ verb, host }) => {
      if (verb === 'build' && tried.push(host) < 3) throw conflict('The disk is full.')
    }
    const id = await serverIn(cloud, parts)
    expect(new Set(tried).size).toBe(3)
    expect((await statusIs(cloud, id, 'ACTIVE'))['OS-EXT-SRV-ATTR:host']).toBe(tried[2])
    await remove(id)
    await nothingIsLeft()
  })

  test('after three hosts the server is in ERROR, says why, and holds only its quota', async () => {
    let builds = 0
    hosts.beforeAct = ({ verb }) => {
      if (verb !== 'build') return
      builds++
      throw conflict('The disk is full.')
    }
    const id = await serverIn(cloud, parts, { status: 'ERROR' })
    const { server } = (await cloud.as('demo').get(`/compute/v2.1/servers/${id}`)).body
    expect(server.fault).toMatchObject({
      code: 500,
      message: expect.stringMatching(/^No valid host was found\. .*The disk is full\.$/),
      created: expect.any(String),
    })
    expect(server.fault).not.toHaveProperty('details')
    expect(builds).toBe(3)
    expect(await leftovers(cloud)).toEqual([expect.stringMatching(/^quota of .*: 1$/)])
    const { instanceActions } = (await cloud.as('demo').get(`/compute/v2.1/servers/${id}/os-instance-actions`)).body
    expect(instanceActions).toMatchObject([{ action: 'create', message: 'Error' }])
    hosts.beforeAct = () => {}
    await remove(id)
    await nothingIsLeft()
  })

  test(
    'a server whose host dies while it is built is built elsewhere, and the returning host gives its guest up',
    { timeout: 20_000 },
    async () => {
      let doomed = ''
      const dying = new Promise<void>((resolve) => {
        hosts.beforeAct = async ({ verb, host }) => {
          if (verb !== 'build' || doomed) return
          doomed = host
          resolve()
          await cloud.ctx.clock.sleep(600)
        }
      })
      const id = await create()
      await dying
      await hosts.kill(doomed, { known: true })
      const server = await statusIs(cloud, id, 'ACTIVE')
      expect(server['OS-EXT-SRV-ATTR:host']).not.toBe(doomed)
      await until(() => hosts.driver.guests(doomed).includes(id), { what: 'the dead host to have the guest after all' })
      await hosts.revive(doomed)
      await until(() => !hosts.driver.guests(doomed).includes(id), { what: 'the returning host to remove its guest' })
      expect((await statusIs(cloud, id, 'ACTIVE'))['OS-EXT-SRV-ATTR:host']).toBe(server['OS-EXT-SRV-ATTR:host'])
      expect(hosts.driver.guests(server['OS-EXT-SRV-ATTR:host'])).toEqual([id])
      await remove(id)
      await nothingIsLeft()
    },
  )

  test('a server is deleted while it is built, and nothing of it stays', async () => {
    let building = 0
    hosts.beforeAct = async ({ verb }) => {
      if (verb === 'build') building++
      await cloud.ctx.clock.sleep(100)
    }
    const ids = await Promise.all([create(), create(), create()])
    await until(() => building === 3)
    await Promise.all(ids.map(remove))
    hosts.beforeAct = () => {}
    await nothingIsLeft()
  })

  test('a server is deleted right after it was asked for', async () => {
    await Promise.all(Array.from({ length: 5 }, async () => remove(await create())))
    await nothingIsLeft()
  })

  test('two deletions at once are both accepted, and one is done', async () => {
    const id = await serverIn(cloud, parts)
    const replies = await Promise.all(
      [0, 1, 0, 1].map((controller) => cloud.as('demo', { controller }).delete(`/compute/v2.1/servers/${id}`)),
    )
    for (const { status } of replies) expect([204, 404]).toContain(status)
    await isGone(cloud, id)
    await nothingIsLeft()
  })

  test('a server on a dead host can be deleted, and its guest goes when the host returns', async () => {
    const id = await serverIn(cloud, parts)
    const { 'OS-EXT-SRV-ATTR:host': host } = await statusIs(cloud, id, 'ACTIVE')
    await hosts.kill(host, { known: true })
    await remove(id)
    expect(await leftovers(cloud)).toEqual([])
    expect(hosts.driver.guests(host)).toEqual([id])
    await hosts.revive(host)
    await until(() => hosts.driver.guests(host).length === 0)
  })

  test('a server whose hosts have all fallen silent waits for them, and not for ever', { timeout: 60_000 }, async () => {
    const names = ['one', 'two', 'three', 'four']
    const { db } = cloud.ctx
    await Promise.all(names.map((name) => hosts.kill(name)))
    const known = () => hostsByName(db, names)
    await until(async () => [...(await known()).values()].every(({ up }) => !up), { what: 'all hosts to be silent', timeoutMs: 20_000 })
    const work = async (id: string) =>
      db.selectFrom('kernel_sagas').select(['attempts']).where('active_subject', '=', id).executeTakeFirst()
    const isTriedAgain = (id: string) => until(async () => ((await work(id))?.attempts ?? 0) > 2, { what: 'the build to be tried again' })
    const [waits, gives] = [await create(), await create()]
    await isTriedAgain(gives)
    // As if it had been tried for long.
    await until(
      async () => {
        await db.updateTable('kernel_sagas').set({ attempts: 20 }).where('active_subject', '=', gives).execute()
        return (await cloud.as('demo').get(`/compute/v2.1/servers/${gives}`)).body.server.status === 'ERROR'
      },
      { what: 'a server to be given up' },
    )
    await isTriedAgain(waits)
    await Promise.all(names.map((name) => hosts.revive(name)))
    await statusIs(cloud, waits, 'ACTIVE')
    await Promise.all([waits, gives].map(remove))
    await nothingIsLeft()
  })

  test('a server whose only host falls silent while it builds goes there when that is heard of again', { timeout: 60_000 }, async () => {
    const others = ['two', 'three', 'four']
    await Promise.all(others.map((name) => hosts.kill(name, { known: true })))
    let isBuilding = false
    hosts.beforeAct = async ({ verb }) => {
      if (verb !== 'build' || isBuilding) return
      isBuilding = true
      await cloud.ctx.clock.sleep(600)
    }
    const id = await create()
    await until(() => isBuilding, { what: 'the build to begin' })
    await hosts.kill('one')
    const asked = async () => (await cloud.as('admin').get(`/compute/v2.1/servers/${id}`)).body.server
    const givenUp = async () => (await asked())['OS-EXT-SRV-ATTR:host'] === null
    await until(givenUp, { what: 'the silent host to be given up', timeoutMs: 30_000 })
    await hosts.revive('one')
    expect((await statusIs(cloud, id, 'ACTIVE'))['OS-EXT-SRV-ATTR:host']).toBe('one')
    expect(hosts.driver.guests('one')).toEqual([id])
    hosts.beforeAct = () => {}
    await Promise.all(others.map((name) => hosts.revive(name)))
    await remove(id)
    await nothingIsLeft()
  })

  test('of twenty servers asked of two controllers at once the quota lets ten through', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => cloud.as('demo', { controller: index % 2 }).post('/compute/v2.1/servers', aServer(parts))),
    )
    const accepted = replies.filter((reply) => reply.status === 202)
    const refused = replies.filter((reply) => reply.status === 403)
    expect([accepted.length, refused.length]).toEqual([10, 10])
    expect(refused[0]!.body.forbidden.message).toBe('Quota exceeded for instances: Requested 1, but already used 10 of 10 instances')
    await Promise.all(accepted.map((reply) => remove(reply.body.server.id)))
    await nothingIsLeft()
  })

  test('a request that is repeated with its key makes one server', async () => {
    const key = { 'idempotency-key': 'once' }
    const replies = await Promise.all(
      [0, 1, 0].map((controller) => cloud.as('demo', { controller }).post('/compute/v2.1/servers', aServer(parts), key)),
    )
    expect(new Set(replies.map((reply) => reply.body.server.id)).size).toBe(1)
    expect(new Set(replies.map((reply) => reply.body.server.adminPass)).size).toBe(1)
    await remove(replies[0]!.body.server.id)
    await nothingIsLeft()
  })

  test('a stop that the host refuses leaves the server as it was', async () => {
    const id = await serverIn(cloud, parts)
    hosts.beforeAct = ({ verb }) => {
      if (verb === 'power') throw conflict('The guest does not listen.')
    }
    expect((await cloud.as('demo').post(`/compute/v2.1/servers/${id}/action`, { 'os-stop': null })).status).toBe(202)
    await statusIs(cloud, id, 'ACTIVE')
    hosts.beforeAct = () => {}
    const { instanceActions } = (await cloud.as('demo').get(`/compute/v2.1/servers/${id}/os-instance-actions`)).body
    expect(instanceActions[0]).toMatchObject({ action: 'stop', message: 'Error' })
    await remove(id)
  })

  test.each([
    ['anti-affinity', 4],
    ['affinity', 1],
    ['soft-anti-affinity', 4],
  ])('members of a group with %s that are asked for at once find their places', async (policy, hostCount) => {
    const group = { server_group: { name: 'group', policy } }
    const { body } = await cloud.as('demo').post('/compute/v2.1/os-server-groups', group, { 'openstack-api-version': 'compute 2.64' })
    const hints = { 'os:scheduler_hints': { group: body.server_group.id } }
    const replies = await Promise.all(
      [0, 1, 0, 1].map((controller) => cloud.as('demo', { controller }).post('/compute/v2.1/servers', { ...aServer(parts), ...hints })),
    )
    const ids: string[] = replies.map((reply) => reply.body.server.id)
    const servers = await Promise.all(ids.map((id) => statusIs(cloud, id, 'ACTIVE')))
    expect(new Set(servers.map((server) => server['OS-EXT-SRV-ATTR:host'])).size).toBe(hostCount)
    const fifth = await cloud.as('demo').post('/compute/v2.1/servers', { ...aServer(parts), ...hints })
    await statusIs(cloud, fifth.body.server.id, policy === 'anti-affinity' ? 'ERROR' : 'ACTIVE')
    const shown = await cloud.as('demo').get(`/compute/v2.1/servers/${ids[0]}`, { 'openstack-api-version': 'compute 2.71' })
    expect(shown.body.server.server_groups).toEqual([body.server_group.id])
    await Promise.all([...ids, fifth.body.server.id].map(remove))
    await nothingIsLeft()
  })
})

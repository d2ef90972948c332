import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedCloud, type EmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { clientOf, type Client } from '../helpers/client.ts'
import { has } from '../helpers/parts.ts'
import { startRabbit, type PrivateRabbit } from '../helpers/rabbitmq.ts'
import { latest } from '../helpers/servers.ts'
import { until } from '../helpers/until.ts'

// Real processes and the only broker that they have. Limits leave room for a machine that does much else.

describe.runIf(has('rabbitmq'))('a cloud without its broker', { timeout: 120_000 }, () => {
  let rabbit: PrivateRabbit
  let cloud: EmbeddedCloud
  let admin: Client
  let what: object
  beforeAll(async () => {
    rabbit = await startRabbit()
    cloud = await startEmbeddedCloud({ messaging: rabbit.url, hosts: 2 })
    const { token } = await cloud.token('admin', 'admin')
    admin = clientOf(
      () => cloud.url,
      async () => token,
    )
    const { body: images } = await admin.get('/image/v2/images')
    what = { server: { name: 'vm', flavorRef: '42', imageRef: images.images[0].id, networks: 'none' } }
  }, 120_000)
  afterAll(async () => {
    await cloud?.down()
    await rabbit?.stop()
  })

  const ask = async (): Promise<string> => {
    const { status, body } = await admin.post('/compute/v2.1/servers', what, latest)
    expect(status).toBe(202)
    return body.server.id
  }
  const isActive = (id: string, timeoutMs: number) =>
    until(async () => (await admin.get(`/compute/v2.1/servers/${id}`)).body.server.status === 'ACTIVE', {
      what: `server ${id} to be ACTIVE`,
      timeoutMs,
    })
  const remove = async (id: string, timeoutMs: number) => {
    expect((await admin.delete(`/compute/v2.1/servers/${id}`)).status).toBe(204)
    await until(async () => (await admin.get(`/compute/v2.1/servers/${id}`)).status === 404, { what: `server ${id} to go`, timeoutMs })
  }

  test('builds and deletes as before while it is dead, and when it is back', async () => {
    const [before, during] = [await ask(), await ask()]
    await rabbit.kill9()
    const after = await ask()
    for (const id of [before, during, after]) await isActive(id, 10_000)
    await remove(before, 10_000)
    await rabbit.restart()
    const back = await ask()
    await isActive(back, 10_000)
    for (const id of [during, after, back]) await remove(id, 10_000)
  })

  test('builds while it is frozen', async () => {
    rabbit.freeze()
    try {
      const id = await ask()
      await isActive(id, 15_000)
      await remove(id, 10_000)
    } finally {
      rabbit.thaw()
    }
  })

  test('goes on hearing its hosts for longer than a silent one is taken for alive', async () => {
    await rabbit.kill9()
    try {
      const heard = async () => {
        const { body } = await admin.get('/compute/v2.1/os-services?binary=nova-compute')
        return (body.services as { state: string; updated_at: string }[]).map(({ state, updated_at }) => ({
          state,
          at: Date.parse(`${updated_at}Z`),
        }))
      }
      const before = await heard()
      expect(before).toHaveLength(2)
      const laterMs = 9000
      const now = await until(
        async () => {
          const hosts = await heard()
          return hosts.every(({ at }, index) => at - before[index]!.at > laterMs) ? hosts : undefined
        },
        { what: 'both hosts to be heard of', timeoutMs: 20_000, everyMs: 500 },
      )
      expect(now.map(({ state }) => state)).toEqual(['up', 'up'])
    } finally {
      await rabbit.restart()
    }
  })
})

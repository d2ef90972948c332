import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aCloud, type TestCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { rabbitInstalled, startRabbit, type PrivateRabbit } from '../../../test/helpers/rabbitmq.ts'
import { isGone, leftovers, serverIn, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'
import { deliverThrice, type Thrice } from '../../../test/helpers/thrice.ts'
import { until } from '../../../test/helpers/until.ts'

const path = '/compute/v2.1/servers'
const count = 8

describe.each(['postgres', 'rabbitmq'])('when every message on %s comes three times, in any order', (queue) => {
  let broker: PrivateRabbit | undefined
  let cloud: TestCloud
  let hosts: ComputeHosts
  let parts: ServerParts
  let messages: Thrice
  const acts: string[] = []
  const skips = queue === 'rabbitmq' && !rabbitInstalled

  beforeAll(async () => {
    if (skips) return
    broker = queue === 'rabbitmq' ? await startRabbit() : undefined
    cloud = await aCloud('postgres', broker && { messagingUrl: broker.url })
    messages = deliverThrice(cloud.ctx.messaging)
    hosts = await computeHosts(cloud)
    hosts.beforeAct = ({ verb, id }) => void acts.push(`${verb} ${id}`)
    parts = await serverParts(cloud)
  }, 120_000)
  afterAll(async () => {
    await hosts?.stop()
    await cloud?.close()
    await broker?.stop()
  })

  test('each server is built, stopped, started and deleted once, and nothing is left', { timeout: 120_000 }, async (context) => {
    if (skips) context.skip()
    const demo = cloud.as('demo')
    const all = Array.from({ length: count }, (_, index) => index)
    const ids = await Promise.all(all.map(() => serverIn(cloud, parts)))
    for (const [verb, status] of [
      ['os-stop', 'SHUTOFF'],
      ['os-start', 'ACTIVE'],
    ] as const)
      await Promise.all(
        ids.map(async (id) => {
          expect((await demo.post(`${path}/${id}/action`, { [verb]: null })).status).toBe(202)
          await statusIs(cloud, id, status)
        }),
      )
    await until(() => messages.isQuiet(), { what: 'every copy to be handled', timeoutMs: 20_000 })
    const listed = (await demo.get(`${path}/detail`)).body.servers as { status: string; 'OS-EXT-STS:task_state': string | null }[]
    expect(listed.map(({ status }) => status)).toEqual(all.map(() => 'ACTIVE'))
    const { ports } = (await demo.get('/networking/v2.0/ports')).body as { ports: { device_id: string }[] }
    expect(ports.map(({ device_id: id }) => id).toSorted()).toEqual(ids.toSorted())

    await Promise.all(ids.map((id) => demo.delete(`${path}/${id}`)))
    await Promise.all(ids.map((id) => isGone(cloud, id)))
    await until(() => messages.isQuiet(), { what: 'every copy to be handled', timeoutMs: 20_000 })
    expect(messages.sent).toBeGreaterThanOrEqual(count * 8)
    expect(acts.toSorted()).toEqual(ids.flatMap((id) => [`build ${id}`, `destroy ${id}`, `power ${id}`, `power ${id}`]).toSorted())
    expect(await leftovers(cloud)).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { aCloud, type TestCloud } from '../../test/helpers/a-cloud.ts'
import { freePort } from '../../test/helpers/free-port.ts'
import { openTcpProxy, type TcpProxy } from '../../test/helpers/tcp-proxy.ts'
import { until } from '../../test/helpers/until.ts'
import { parseDatabaseUrl } from '../kernel/sql/hosts.ts'

const soon = { timeoutMs: 5000 }

describe('two controllers, each with a way of its own to the database,', () => {
  let cloud: TestCloud
  let ways: readonly TcpProxy[]
  let urls: readonly string[]
  beforeAll(async () => {
    const server = parseDatabaseUrl(inject('databaseServers').postgres).hosts[0]!
    ways = await Promise.all([openTcpProxy(server.port), openTcpProxy(server.port)])
    const ports = await Promise.all([freePort(), freePort()])
    urls = ports.map((port) => `http://127.0.0.1:${port}`)
    cloud = await aCloud('postgres', {
      controllers: 2,
      each: (index, { databaseUrl }) => ({
        port: ports[index]!,
        databaseUrl: databaseUrl.replace(`:${server.port}/`, `:${ways[index]!.port}/`),
        peers: urls.filter((_, other) => other !== index),
        // An address that every machine has, as if two had the floating one.
        floatingAddress: '127.0.0.1',
      }),
    })
  })
  afterAll(async () => {
    for (const way of ways) way.fate = () => 'pass'
    await cloud.close()
    await Promise.all(ways.map(async (way) => way.stop()))
  })
  const cut = (...cutOff: number[]) => ways.forEach((way, index) => (way.fate = () => (cutOff.includes(index) ? 'lose' : 'pass')))
  const status = async (index: number) => (await fetch(`${urls[index]}/healthcheck`)).status
  const detail = async (index: number) => (await (await fetch(`${urls[index]}/healthcheck?detail`)).json()) as Detail
  interface Detail {
    serving: boolean
    ailing?: string
    checks: Record<string, string>
  }
  const bothReach = async () => (await Promise.all([detail(0), detail(1)])).every(({ checks }) => checks['database'] === 'ok')

  test('one that alone loses it is soon out of rotation, says why, and comes back', async () => {
    await until(bothReach)
    cut(0)
    await until(async () => (await status(0)) === 404, soon)
    expect(await detail(0)).toMatchObject({ serving: false, ailing: expect.stringContaining('other instances reach it') })
    expect(await status(1)).toBe(200)
    cut()
    await until(async () => (await status(0)) === 200, soon)
  })

  test('when both lose it, both stay: an outage that all share empties no pool', async () => {
    await until(bothReach)
    cut(0, 1)
    await until(async () => (await Promise.all([detail(0), detail(1)])).every(({ checks }) => checks['database'] !== 'ok'), soon)
    // From here on no peer says that it reaches the database.
    await until(async () => (await status(0)) === 200 && (await status(1)) === 200, soon)
    expect([(await detail(0)).serving, (await detail(1)).serving]).toEqual([true, true])
    cut()
  })

  test('say that both of their machines have the floating address', async () => {
    const says = '127.0.0.1'
    await until(async () => (await Promise.all([detail(0), detail(1)])).every(({ checks }) => checks['address']?.includes(says)), {
      timeoutMs: 5000,
    })
    expect((await detail(0)).checks['address']).toBe('controller-1 and controller-2 both have 127.0.0.1')
  })
})

import { beforeEach, describe, expect, test } from 'vitest'
import { cloudSecret, databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { forgetOldKept, keepMessage, keptForSeconds } from '../../kernel/messaging/kept-messages.ts'
import { agentsPrefix, hostKey } from '../../topology/agents-door.ts'
import { ordersMailbox } from '../../topology/mailboxes.ts'
import { hostsByName } from '../../nova/hosts/store.ts'
import { agentsApp } from './app.ts'
import { openAgentsWay } from './way.ts'

describe.each(databases)('the door for agents on %s', (database) => {
  const cloud = useCloud(database)
  let host = ''
  let count = 0
  beforeEach(() => {
    host = `compute${++count}`
  })
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const mine = () => bearer(hostKey(cloudSecret, host))
  const orders = (body: object, headers: Record<string, string> = mine()) =>
    cloud.anonymous.post(`${agentsPrefix}/${host}/orders`, { done: [], held: [], limit: 10, ...body }, headers)
  const bring = (mailbox: string, letter: unknown, headers: Record<string, string> = mine()) =>
    cloud.anonymous.post(`${agentsPrefix}/${host}/mailboxes/${mailbox}`, letter, headers)
  const keep = (id: string, body: unknown = {}) => keepMessage(cloud.ctx, ordersMailbox(host), { id, body })
  const idsOf = (reply: { body: { messages: { id: string }[] } }) => reply.body.messages.map(({ id }) => id).toSorted()
  const heartbeat = () => ({
    id: 'a heartbeat',
    body: { agent: 'a', hosts: [{ name: host, driver: 'sim', resources: { vcpus: 1, memoryMb: 1, diskGb: 1 } }] },
  })

  test('gives a host its orders, as they were sent, until it has finished with them', async () => {
    const body = { text: 'Grüße \u0000 ☃', list: [1, null, { a: [{}] }] }
    await keep('one', body)
    await keep('two')
    await keep('two', { second: 'of the same name' })
    const first = await orders({})
    expect(first.status).toBe(200)
    expect(first.body.messages.find(({ id }: { id: string }) => id === 'one')).toEqual({ id: 'one', body })
    expect(idsOf(first)).toEqual(['one', 'two'])
    expect(idsOf(await orders({ held: ['one'] }))).toEqual(['two'])
    expect(idsOf(await orders({ limit: 1 }))).toHaveLength(1)
    expect(idsOf(await orders({ limit: 0 }))).toEqual([])
    expect(idsOf(await orders({ done: ['one'] }))).toEqual(['two'])
    expect(idsOf(await orders({}))).toEqual(['two'])
  })

  test('drops the orders of no other host', async () => {
    await keep('shared name')
    const other = host
    host = `compute${++count}`
    await orders({ done: ['shared name'] })
    host = other
    expect(idsOf(await orders({}))).toEqual(['shared name'])
  })

  test('takes in what a host says of itself before it answers', async () => {
    expect((await bring('nova-hosts', heartbeat())).status).toBe(204)
    expect((await hostsByName(cloud.ctx.db, [host])).get(host)?.up).toBe(true)
  })

  test('takes a large message, and none that is larger than a queue would take', async () => {
    const letter = (length: number) => ({ id: 'large', body: { saga: 'none', step: 1, fence: 1, undo: false, result: 'x'.repeat(length) } })
    expect((await bring('reports', letter(1024 * 1024 - 200))).status).toBe(204)
    expect((await bring('reports', letter(1024 * 1024 + 2000))).status).toBe(413)
  })

  test('forgets what nobody took', async () => {
    await keep('old')
    await keep('new')
    const old = cloud.ctx.dialect.fromNow(-keptForSeconds - 1)
    // oxlint-disable-next-line typescript/no-explicit-any -- no program changes when a message was kept
    await (cloud.ctx.db as any).updateTable('kernel_kept_messages').set({ created_at: old }).where('id', '=', 'old').execute()
    await forgetOldKept(cloud.ctx)
    expect(idsOf(await orders({}))).toEqual(['new'])
  })

  test('says in JSON what is wrong with a request', async () => {
    const refused = async (reply: Promise<{ status: number; body: any }>) => {
      const { status, body } = await reply
      expect(body.error).toMatchObject({ code: status, title: expect.any(String), message: expect.any(String) })
      return status
    }
    expect(await refused(bring('dead.reports', { id: 'x', body: {} }))).toBe(404)
    expect(await refused(bring(ordersMailbox(host), { id: 'x', body: {} }))).toBe(404)
    expect(await refused(bring('reports', { body: {} }))).toBe(400)
    expect(await refused(orders({ held: 'all' }))).toBe(400)
    expect(await refused(orders({ limit: 1000 }))).toBe(400)
    expect(await refused(cloud.anonymous.get(`${agentsPrefix}/${host}/orders`, mine()))).toBe(405)
    expect(await refused(cloud.anonymous.post(`${agentsPrefix}/${host}/secrets`, {}, mine()))).toBe(404)
    const text = await cloud.anonymous.request('POST', `${agentsPrefix}/${host}/mailboxes/reports`, { body: 'no JSON', headers: mine() })
    expect(text.status).toBe(400)
  })

  // Made from the routes themselves, so that a new one is tested before anybody thinks of it.
  test.each(agentsApp(openAgentsWay(undefined as never), cloudSecret).routes.map(({ method, path }) => [method, path] as const))(
    'lets nobody but the host itself do %s %s, and no token helps',
    async (method, path) => {
      await keep('precious')
      const key = hostKey(cloudSecret, host)
      const strangers: Record<string, string>[] = [
        {},
        bearer(''),
        bearer(hostKey(cloudSecret, `${host}0`)),
        bearer(hostKey(`${cloudSecret}.`, host)),
        bearer(key.slice(0, -1)),
        bearer(`${key}A`),
        { authorization: `Basic ${key}` },
        { authorization: cloudSecret },
      ]
      const url = agentsPrefix + path.replace(':host', host).replace(':mailbox', 'nova-hosts')
      const body = { ...heartbeat(), done: ['precious'], held: [], limit: 10 }
      for (const headers of strangers) {
        for (const client of [cloud.anonymous, cloud.as('admin')]) {
          const response = await client.request(method, url, {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', ...headers },
          })
          expect(response.status).toBe(401)
          expect(response.headers.get('www-authenticate')).toBe('Bearer')
          expect(await response.json()).toMatchObject({ error: { code: 401 } })
        }
      }
      expect(idsOf(await orders({}))).toEqual(['precious'])
      expect((await hostsByName(cloud.ctx.db, [host])).has(host)).toBe(false)
    },
  )

  test('is no service of the cloud: it is in no catalog', async () => {
    const { body } = await cloud.as('admin').get('/identity/v3/auth/catalog')
    expect(body.catalog.length).toBeGreaterThan(3)
    expect(JSON.stringify(body)).not.toContain(agentsPrefix)
  })
})

import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPolicy, ownTarget } from '../../src/cloud/policy.ts'
import { parseVersion } from '../../src/kernel/http/schema.ts'
import { nothingAsked } from '../../src/keystone/compliance/compliance.ts'
import { issueToken } from '../../src/keystone/tokens/issue.ts'
import { stateOf } from '../../src/keystone/tokens/state.ts'
import { useCloud, type UserName } from '../helpers/a-cloud.ts'
import { allOffers, allServices, pathOf, versionHeaders, type Offer } from '../helpers/all-routes.ts'
import type { Client, Reply } from '../helpers/client.ts'
import { furnish, type KnownIds } from '../helpers/garbage-target.ts'
import { loginOf, tokenFor } from '../helpers/test-identity.ts'
import type { RequestHead } from '../../src/kernel/http/route.ts'
import type { AuthenticateRequest } from '../../src/keystone/tokens/schema.ts'

// Made from the services' own routes, so a new route is tested before anybody thinks of it.
const guarded = allOffers.filter((offer) => offer.operation.rule !== 'public')
const nobody = '00000000-0000-4000-8000-000000000000'

/** Sends the offer's request with an empty body, at a version that has it. */
const ask = (client: Client, offer: Offer, id: (name: string) => string = () => nobody): Promise<Reply> => {
  const path = pathOf(offer, id)
  const headers = versionHeaders(offer, offer.marks.until ?? 'latest')
  const body = offer.action ? { [offer.action]: {} } : {}
  const { method } = offer.route
  if (method === 'GET') return client.get(path, headers)
  if (method === 'DELETE') return client.delete(path, headers)
  if (method === 'POST') return client.post(path, body, headers)
  if (method === 'PATCH') return client.patch(path, body, { ...headers, 'content-type': 'application/openstack-images-v2.1-json-patch' })
  if (method === 'PUT') return client.put(path, body, headers)
  return client.request(method, path, { headers }).then(({ status, headers: got }) => ({ status, headers: got, body: undefined }))
}

/** The same for many offers, a few at a time; what `wrong` says of the replies. */
async function complaints(offers: readonly Offer[], client: Client, wrong: (reply: Reply, offer: Offer) => unknown): Promise<string[]> {
  const found: string[] = []
  const waiting = [...offers]
  const worker = async () => {
    for (let offer = waiting.shift(); offer; offer = waiting.shift()) {
      const reply = await ask(client, offer)
      if (wrong(reply, offer)) found.push(`${offer.title} → ${reply.status} ${JSON.stringify(reply.body)?.slice(0, 150)}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return found
}

/** Whether a refusal with this status is in the words of the offer's service. HEAD has no words. */
function inDialect({ status, body }: Reply, { service, route }: Offer): boolean {
  if (route.method === 'HEAD') return true
  if (service.name === 'glance-api') return typeof body === 'string' && body.includes(`<title>${status} `)
  if (status === 401 || service.name === 'keystone-api') return body.error?.code === status && typeof body.error.title === 'string'
  if (service.name === 'nova-api') return (Object.values(body)[0] as { code: number }).code === status
  if (service.name === 'neutron-api') return typeof body.NeutronError.type === 'string' && body.NeutronError.detail === ''
  return body.errors[0].status === status && body.errors[0].request_id.startsWith('req-')
}

describe('the routes', () => {
  test('are all here', () => {
    expect(allServices.map((service) => service.name)).toEqual(['keystone-api', 'glance-api', 'placement-api', 'neutron-api', 'nova-api'])
    expect(allOffers.length).toBeGreaterThan(370)
    for (const service of allServices) expect(allOffers.filter((offer) => offer.service === service).length).toBeGreaterThan(20)
    expect(allOffers.length - guarded.length).toBeLessThan(18)
  })

  test('are there once for each version', () => {
    const range = ({ marks }: Offer) => [marks.since ? parseVersion(marks.since)! : 0, marks.until ? parseVersion(marks.until)! : Infinity]
    const keyOf = ({ prefix, route, action }: Offer) => `${route.method} ${prefix}${route.path.replaceAll(/:\w+/g, ':')} ${action ?? ''}`
    const doubled = [...Map.groupBy(allOffers, keyOf)].filter(([, offers]) =>
      offers.some((one, index) =>
        offers.slice(index + 1).some((other) => range(one)[0]! <= range(other)[1]! && range(other)[0]! <= range(one)[1]!),
      ),
    )
    expect(doubled.map(([key]) => key)).toEqual([])
  })

  test('name rules that their services declare', () => {
    const unknown = guarded.filter(({ service, operation }) => !service.policies.some((rule) => rule.name === operation.rule))
    expect(unknown.map(({ title, operation }) => `${title}: ${operation.rule}`)).toEqual([])
  })
})

describe('each route', () => {
  const cloud = useCloud('postgres')
  let known: KnownIds
  beforeAll(async () => {
    known = await furnish(cloud)
  })
  const refuses = (client: Client) =>
    complaints(
      guarded,
      client,
      (reply, offer) => reply.status !== 401 || !reply.headers.get('www-authenticate') || !inDialect(reply, offer),
    )

  /** A token of demo's, made when the clock said so. */
  const tokenOf = async (now: Date) => {
    const request = { headers: {} } as RequestHead
    const ctx = { ...cloud.ctx, who: '', version: undefined, request, clock: { ...cloud.ctx.clock, now: () => now } }
    const issued = await issueToken(ctx, nothingAsked, (loginOf('demo') as { auth: AuthenticateRequest }).auth)
    return 'token' in issued ? issued.token : ''
  }

  test('asks for a token', async () => {
    expect(await refuses(cloud.anonymous)).toEqual([])
  })

  test('takes no token that nobody gave out', async () => {
    const good = await tokenOf(cloud.ctx.clock.now())
    expect((await cloud.withToken(good).get('/compute/v2.1/servers')).status).toBe(200)
    const middle = good.length >> 1
    const forged = good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1)
    expect(await refuses(cloud.withToken(forged))).toEqual([])
    for (const token of ['x', 'é'.normalize(), 'gAAAAA', good.slice(0, -8), `${good}${good}`, 'a'.repeat(9000)])
      expect((await cloud.withToken(token).get('/compute/v2.1/servers')).status, token).toBe(401)
  })

  test('takes no token that was revoked', async () => {
    const token = await tokenOf(cloud.ctx.clock.now())
    expect((await cloud.withToken(token).delete('/identity/v3/auth/tokens', { 'x-subject-token': token })).status).toBe(204)
    expect(await refuses(cloud.withToken(token))).toEqual([])
  })

  test('takes no token that has expired', async () => {
    expect(await refuses(cloud.withToken(await tokenOf(new Date(cloud.ctx.clock.now().getTime() - 48 * 3600e3))))).toEqual([])
  })

  test.each<UserName>(['demo_reader', 'demo', 'alt_demo', 'system_reader', 'nova'])(
    'refuses what policy denies to %s, and changes nothing',
    async (user) => {
      const subject = (await stateOf(cloud.ctx, await tokenFor(cloud.url)(user)))!.subject
      const denied = guarded.filter(
        ({ service, operation }) => !openPolicy(service.policies).allows(subject, operation.rule, ownTarget(subject)),
      )
      expect(denied.length).toBeGreaterThan(60)
      const before = await fingerprint()
      expect(await complaints(denied, cloud.as(user), (reply, offer) => reply.status !== 403 || !inDialect(reply, offer))).toEqual([])
      expect(await fingerprint()).toEqual(before)
    },
  )

  test('hides what belongs to others', async () => {
    // Flavors, public images and default quotas are for everyone.
    const shared = /flavors|\/image|\/defaults/
    const named = guarded.filter(
      ({ route, title }) => route.path.includes(':') && ['GET', 'DELETE'].includes(route.method) && !shared.test(title),
    )
    expect(named.length).toBeGreaterThan(80)
    const before = await fingerprint()
    const seen: string[] = []
    for (const offer of named) {
      const segments = offer.route.path.split('/')
      const theirs = (name: string) => known.expendable[segments[segments.indexOf(`:${name}`) - 1]!]?.[0] ?? nobody
      for (const id of [theirs, () => nobody]) {
        const { status } = await ask(cloud.as('alt_demo'), offer, id)
        if (status !== 404 && status !== 403) seen.push(`${offer.title} → ${status}`)
      }
    }
    expect(seen).toEqual([])
    expect(await fingerprint()).toEqual(before)
  })

  /** What is in the services' tables now, apart from what instances note about themselves. */
  async function fingerprint(): Promise<Record<string, string>> {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name not like 'kernel_%' and table_name not in ('nova_services', 'nova_hosts', 'keystone_keys', 'keystone_key_holders') order by 1`.execute(
      cloud.ctx.db,
    )
    const prints = rows.map(async ({ name }) => {
      const found = await sql<{
        print: string
      }>`select md5(string_agg(t::text, ',' order by t::text)) as print from ${sql.table(name)} t`.execute(cloud.ctx.db)
      return [name, found.rows[0]!.print] as const
    })
    return Object.fromEntries(await Promise.all(prints))
  }
})

import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'
const tokens = `${identity}/auth/tokens`
const path = `${identity}/OS-TRUST/trusts`
const refused = (words: string) => `You are not authorized to perform the requested action: ${words}.`

// demo trusts a user who has no role anywhere.
describe.each(databases)('trusts on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const demo = () => cloud.as('demo')
  const newUser = async (name: string): Promise<string> =>
    (await cloud.as('admin').post(`${identity}/users`, { user: { name, password: 'pw' } })).body.user.id
  const proofOf = (id: string) => ({ methods: ['password'], password: { user: { id, password: 'pw' } } })
  let trustee: string
  beforeAll(async () => void (trustee = await newUser('friend')))

  const trustOf = (more: object = {}) => ({
    trust: {
      trustor_user_id: cloud.userId('demo'),
      trustee_user_id: trustee,
      project_id: cloud.projectId('demo'),
      impersonation: false,
      roles: [{ name: 'member' }],
      ...more,
    },
  })
  const made = async (more: object = {}) => (await demo().post(path, trustOf(more))).body.trust
  const logIn = (id: string, { as = trustee, key = crypto.randomUUID() as string } = {}) =>
    cloud.anonymous.post(tokens, { auth: { identity: proofOf(as), scope: { 'OS-TRUST:trust': { id } } } }, { 'idempotency-key': key })
  const tokenOf = async (id: string) => (await logIn(id)).headers.get('x-subject-token')!

  test('a trust is made, shown to both sides and nobody else, and deleted', async () => {
    const { status, body } = await demo().post(path, trustOf({ note: 'kept' }))
    expect(status).toBe(201)
    const { trust } = body
    expect(trust).toMatchObject({
      ...{ trustor_user_id: cloud.userId('demo'), trustee_user_id: trustee, project_id: cloud.projectId('demo'), note: 'kept' },
      ...{
        impersonation: false,
        expires_at: null,
        deleted_at: null,
        remaining_uses: null,
        redelegated_trust_id: null,
        redelegation_count: 0,
      },
      roles: [{ name: 'member' }],
      links: { self: `${cloud.url}${path}/${trust.id}` },
      roles_links: { next: null, self: `${cloud.url}${path}/${trust.id}/roles`, previous: null },
    })
    const own = await cloud.anonymous.post(tokens, { auth: { identity: proofOf(trustee) } })
    const friend = cloud.withToken(own.headers.get('x-subject-token')!)
    for (const client of [demo(), friend, cloud.as('admin')])
      expect((await client.get(`${path}/${trust.id}`)).body.trust).toMatchObject({ id: trust.id, roles: [{ name: 'member' }] })
    expect((await cloud.as('alt_demo').get(`${path}/${trust.id}`)).status).toBe(403)
    const listed = async (client: typeof friend, query: string) =>
      ((await client.get(`${path}${query}`)).body.trusts ?? []).map((one: any) => [one.id, 'roles' in one])
    expect(await listed(demo(), `?trustor_user_id=${cloud.userId('demo')}`)).toContainEqual([trust.id, false])
    expect(await listed(friend, `?trustee_user_id=${trustee}`)).toContainEqual([trust.id, false])
    expect(await listed(cloud.as('admin'), '')).toContainEqual([trust.id, false])
    for (const query of ['', `?trustor_user_id=${cloud.userId('demo')}`]) expect((await friend.get(`${path}${query}`)).status).toBe(403)

    const [role] = trust.roles
    expect((await friend.get(`${path}/${trust.id}/roles`)).body.roles).toEqual([role])
    expect((await demo().get(`${path}/${trust.id}/roles/${role.id}`)).body.role).toEqual(role)
    expect((await demo().get(`${path}/${trust.id}/roles/nosuch`)).status).toBe(404)
    expect((await friend.delete(`${path}/${trust.id}`)).status).toBe(403)
    expect((await demo().delete(`${path}/${trust.id}`)).status).toBe(204)
    expect((await demo().get(`${path}/${trust.id}`)).status).toBe(404)
    expect((await cloud.as('admin').get(`${path}/${trust.id}`)).body.error.message).toBe(`Could not find trust: ${trust.id}.`)
  })

  test('its trustee works in the project, in his own name or in the trustor’s', async () => {
    for (const impersonation of [false, true]) {
      const { id } = await made({ impersonation })
      const { status, body, headers } = await logIn(id)
      expect(status).toBe(201)
      expect(body.token).toMatchObject({
        user: { name: impersonation ? 'demo' : 'friend' },
        project: { name: 'demo' },
        'OS-TRUST:trust': { id, impersonation, trustor_user: { id: cloud.userId('demo') }, trustee_user: { id: trustee } },
      })
      expect(body.token.roles.map((role: any) => role.name).toSorted()).toEqual(['member', 'reader'])
      const client = cloud.withToken(headers.get('x-subject-token')!)
      expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
      expect((await client.post('/networking/v2.0/networks', { network: {} })).status).toBe(201)
    }
    const reading = cloud.withToken(await tokenOf((await made({ roles: [{ name: 'reader' }] })).id))
    expect((await reading.get('/networking/v2.0/networks')).status).toBe(200)
    expect((await reading.post('/networking/v2.0/networks', { network: {} })).status).toBe(403)
  })

  test('nobody else gets a token for it, and its token makes no other', async () => {
    const { id } = await made()
    const stranger = await logIn(id, { as: await newUser('stranger') })
    expect([stranger.status, stranger.body.error.message]).toEqual([403, 'User is not a trustee.'])
    expect((await logIn('nosuch')).body.error.message).toBe('Could not find trust: nosuch.')
    const token = { methods: ['token'], token: { id: await tokenOf(id) } }
    const again = await cloud.anonymous.post(tokens, { auth: { identity: token } })
    expect([again.status, again.body.error.message]).toEqual([403, refused('rescope a scoped token')])
    const both = { project: { id: cloud.projectId('demo') }, 'OS-TRUST:trust': { id } }
    expect((await cloud.anonymous.post(tokens, { auth: { identity: proofOf(trustee), scope: both } })).status).toBe(400)
    expect((await cloud.anonymous.post(tokens, { auth: { identity: proofOf(trustee), scope: { 'OS-TRUST:trust': {} } } })).status).toBe(400)
  })

  test.each([false, true])('its tokens end with it, on every controller (impersonation: %s)', async (impersonation) => {
    const { id } = await made({ impersonation })
    const token = await tokenOf(id)
    for (const controller of [1, 0]) expect((await cloud.withToken(token, { controller }).get('/compute/v2.1/servers')).status).toBe(200)
    await demo().delete(`${path}/${id}`)
    expect((await cloud.withToken(token).get('/compute/v2.1/servers')).status).toBe(401)
    await expect
      .poll(async () => (await cloud.withToken(token, { controller: 1 }).get('/compute/v2.1/servers')).status, { timeout: 1000 })
      .toBe(401)
    expect((await logIn(id)).status).toBe(404)
  })

  test.each([false, true])(
    'they end too when one of the two may not log in, or the trustor loses the role (impersonation: %s)',
    async (impersonation) => {
      const admin = cloud.as('admin')
      const [member] = (await admin.get(`${identity}/roles?name=member`)).body.roles
      const ends: readonly ((trustorId: string, trusteeId: string) => Promise<unknown>)[] = [
        (trustorId) => admin.patch(`${identity}/users/${trustorId}`, { user: { enabled: false } }),
        (_, trusteeId) => admin.patch(`${identity}/users/${trusteeId}`, { user: { enabled: false } }),
        (trustorId) => admin.delete(`${identity}/projects/${cloud.projectId('demo')}/users/${trustorId}/roles/${member.id}`),
        (trustorId) => admin.delete(`${identity}/users/${trustorId}`),
        (_, trusteeId) => admin.delete(`${identity}/users/${trusteeId}`),
      ]
      for (const [index, end] of ends.entries()) {
        const [giver, taker] = [await newUser(`giver-${impersonation}-${index}`), await newUser(`taker-${impersonation}-${index}`)]
        await admin.put(`${identity}/projects/${cloud.projectId('demo')}/users/${giver}/roles/${member.id}`)
        const scope = { project: { id: cloud.projectId('demo') } }
        const own = await cloud.anonymous.post(tokens, { auth: { identity: proofOf(giver), scope } })
        const body = trustOf({ trustor_user_id: giver, trustee_user_id: taker, impersonation })
        const { trust } = (await cloud.withToken(own.headers.get('x-subject-token')!).post(path, body)).body
        const client = cloud.withToken((await logIn(trust.id, { as: taker })).headers.get('x-subject-token')!)
        expect((await client.get('/compute/v2.1/servers')).status).toBe(200)
        await end(giver, taker)
        expect([index, (await client.get('/compute/v2.1/servers')).status]).toEqual([index, 401])
      }
    },
  )

  test('it may be used only so often; a request that is sent again uses it once', async () => {
    const { id, remaining_uses } = await made({ remaining_uses: 2 })
    expect(remaining_uses).toBe(2)
    for (const key of ['one', 'one', 'two', 'one', 'two']) expect((await logIn(id, { key: `${id}-${key}` })).status).toBe(201)
    const third = await logIn(id)
    expect([third.status, third.body.error.message]).toEqual([403, `No remaining uses for trust: ${id}.`])
    expect((await demo().get(`${path}/${id}`)).body.trust.remaining_uses).toBe(0)
    const raced = await made({ remaining_uses: 3 })
    const replies = await Promise.all(Array.from({ length: 8 }, () => logIn(raced.id)))
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(3)
    expect((await demo().post(path, trustOf({ remaining_uses: 0 }))).status).toBe(400)
  })

  test('it may end by itself, and its tokens with it', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString()
    const { id, expires_at } = await made({ expires_at: soon })
    expect(expires_at).toBe(soon.replace('Z', '000Z'))
    expect(Date.parse((await logIn(id)).body.token.expires_at)).toBe(Math.floor(Date.parse(soon) / 1000) * 1000)
    expect((await demo().post(path, trustOf({ expires_at: '2020-01-01T00:00:00Z' }))).status).toBe(400)
  })

  test('who was trusted hands on what the trust leaves him, and no more', async () => {
    const friends = await newUser('friend of a friend')
    const parent = await made({ impersonation: true, allow_redelegation: true, redelegation_count: 2, roles: [{ name: 'member' }] })
    expect(parent.redelegation_count).toBe(2)
    const client = cloud.withToken(await tokenOf(parent.id))
    const handOn = (more: object = {}) =>
      client.post(path, trustOf({ trustee_user_id: friends, impersonation: true, allow_redelegation: true, ...more }))
    const child = (await handOn()).body.trust
    expect(child).toMatchObject({ redelegated_trust_id: parent.id, redelegation_count: 1 })
    const its = cloud.withToken((await logIn(child.id, { as: friends })).headers.get('x-subject-token')!)
    expect((await its.get('/compute/v2.1/servers')).status).toBe(200)
    for (const [more, words] of [
      [{ redelegation_count: 2 }, 'Modifying "redelegation_count" upon redelegation is forbidden. Omitting this parameter is advised.'],
      [{ roles: [{ name: 'reader' }] }, 'Some of requested roles are not in redelegated trust'],
      [
        { allow_redelegation: false, remaining_uses: 1 },
        'Field "remaining_uses" is set to 1 while it must not be set in order to redelegate a trust',
      ],
    ] as const) {
      const reply = await handOn(more)
      expect([reply.status, reply.body.error.message]).toEqual([403, words])
    }
    const last = cloud.withToken(await tokenOf((await made({ impersonation: true })).id))
    const spent = await last.post(path, trustOf({ trustee_user_id: friends }))
    expect(spent.body.error.message).toBe('Remaining redelegation depth of 0 out of allowed range of [0..3]')

    await demo().delete(`${path}/${parent.id}`)
    expect((await its.get('/compute/v2.1/servers')).status).toBe(401)
    expect((await logIn(child.id, { as: friends })).status).toBe(404)
  })

  test('who was trusted without acting in the trustor’s name, or for a time, hands on neither more', async () => {
    const middleman = await newUser('middleman')
    const [member] = (await cloud.as('admin').get(`${identity}/roles?name=member`)).body.roles
    await cloud.as('admin').put(`${identity}/projects/${cloud.projectId('demo')}/users/${middleman}/roles/${member.id}`)
    const [soon, later] = [60_000, 120_000].map((ms) => new Date(Date.now() + ms).toISOString())
    const parent = await made({ trustee_user_id: middleman, allow_redelegation: true, expires_at: soon })
    const client = cloud.withToken((await logIn(parent.id, { as: middleman })).headers.get('x-subject-token')!)
    const handOn = (more: object) => client.post(path, trustOf({ trustor_user_id: middleman, ...more }))
    const words = 'Impersonation is not allowed because redelegated trust does not specify impersonation. Redelegated trust id: '
    const [asHim, longer] = [await handOn({ impersonation: true }), await handOn({ expires_at: later })]
    expect([asHim.status, asHim.body.error.message]).toEqual([403, `${words}${parent.id}`])
    expect([longer.status, longer.body.error.message]).toEqual([
      403,
      'Requested expiration time is more than redelegated trust can provide',
    ])
    expect((await handOn({})).body.trust).toMatchObject({ redelegated_trust_id: parent.id, expires_at: parent.expires_at })
  })

  test('only the trustor makes one, of roles that he has, and not by a restricted credential', async () => {
    expect((await cloud.as('admin').post(path, trustOf())).status).toBe(403)
    const none = await demo().post(path, trustOf({ roles: [] }))
    expect([none.status, none.body.error.message]).toEqual([403, refused('At least one role should be specified')])
    expect((await demo().post(path, trustOf({ roles: [{ name: 'admin' }] }))).status).toBe(404)
    expect((await demo().post(path, trustOf({ trustee_user_id: 'nosuch' }))).body.error.message).toBe('Could not find user: nosuch.')
    expect((await demo().post(path, trustOf({ project_id: 'nosuch' }))).body.error.message).toBe('Could not find project: nosuch.')
    expect((await demo().post(path, trustOf({ project_id: null }))).status).toBe(404)
    const credentials = `${identity}/users/${cloud.userId('demo')}/application_credentials`
    const { id, secret } = (await demo().post(credentials, { application_credential: { name: 'robot' } })).body.application_credential
    const proof = { methods: ['application_credential'], application_credential: { id, secret } }
    const robot = cloud.withToken((await cloud.anonymous.post(tokens, { auth: { identity: proof } })).headers.get('x-subject-token')!)
    expect((await robot.post(path, trustOf())).status).toBe(403)
    const trusted = cloud.withToken(await tokenOf((await made({ impersonation: true })).id))
    expect((await trusted.post(credentials, { application_credential: { name: 'stays' } })).status).toBe(403)
  })

  test('bad input is refused', async () => {
    for (const more of [
      { impersonation: null },
      { trustor_user_id: 1 },
      { roles: 'x' },
      { redelegation_count: -1 },
      { remaining_uses: 1.5 },
    ])
      expect([(await demo().post(path, trustOf(more))).status, more]).toEqual([400, more])
    const deep = await demo().post(path, trustOf({ allow_redelegation: true, redelegation_count: 4 }))
    expect([deep.status, deep.body.error.message]).toEqual([403, 'Requested redelegation depth of 4 is greater than allowed 3'])
    expect((await demo().post(path, trustOf({ allow_redelegation: true, remaining_uses: 2 }))).status).toBe(400)
  })
})

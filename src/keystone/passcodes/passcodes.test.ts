import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { clientOf } from '../../../test/helpers/client.ts'
import { systemClock } from '../../kernel/clock.ts'
import { forgetPasscodes } from './store.ts'
import { passcodeOf, stepAt } from './totp.ts'

const v3 = '/identity/v3'
const secret = Buffer.from('12345678901234567890')
const blob = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe.each(databases)('passcodes on %s', (database) => {
  // Time stands still unless a test says otherwise, so that no passcode ends in the middle of it.
  const start = systemClock.now()
  let passedMs = 0
  const clock = { ...systemClock, now: () => new Date(start.getTime() + passedMs) }
  const cloud = useCloud(database, { controllers: 2, clock })
  const at = (controller: number) =>
    clientOf(
      () => `http://127.0.0.1:${cloud.controllers[controller]!.port}`,
      async () => undefined,
    )
  const aUser = async (name: string, options: object = {}): Promise<string> => {
    const { id } = (await cloud.as('admin').post(`${v3}/users`, { user: { name, password: 'pw', options } })).body.user
    await cloud.as('admin').post(`${v3}/credentials`, { credential: { type: 'totp', user_id: id, blob } })
    return id
  }
  const passcode = (stepsAgo = 0) => passcodeOf(secret, stepAt(clock.now()) - stepsAgo)
  type Proofs = { passcode?: string; password?: string }
  const logIn = (
    id: string,
    { passcode, password }: Proofs,
    { controller = 0, ...headers }: { controller?: number; [name: string]: any } = {},
  ) => {
    const identity = {
      methods: [...(password === undefined ? [] : ['password']), ...(passcode === undefined ? [] : ['totp'])],
      ...(password !== undefined && { password: { user: { id, password } } }),
      ...(passcode !== undefined && { totp: { user: { id, passcode } } }),
    }
    return at(controller).post(`${v3}/auth/tokens`, { auth: { identity } }, headers)
  }

  test('one logs its user in, and a wrong one does not', async () => {
    const id = await aUser('passer')
    for (const wrong of [passcode(2), passcode(-1), '', '12345', 'abcdef'])
      expect((await logIn(id, { passcode: wrong })).status, wrong).toBe(401)
    const { status, body } = await logIn(id, { passcode: passcode() })
    expect([status, body.token.methods, body.token.user.id]).toEqual([201, ['totp'], id])
    expect((await logIn(id, { passcode: passcode(1) })).status).toBe(201)
    expect((await logIn(cloud.userId('demo'), { passcode: passcode() })).status).toBe(401)
    expect((await logIn('nosuch', { passcode: passcode() })).status).toBe(401)
    const named = { totp: { user: { name: 'passer', domain: { id: 'default' }, passcode: passcode(2) } }, methods: ['totp'] }
    expect((await at(0).post(`${v3}/auth/tokens`, { auth: { identity: named } })).status).toBe(401)
    expect((await at(0).post(`${v3}/auth/tokens`, { auth: { identity: { methods: ['totp'], totp: {} } } })).status).toBe(400)
  })

  test('each is good once, on whatever controller it comes', async () => {
    const id = await aUser('copied')
    // A second secret that is the same makes it no better.
    await cloud.as('admin').post(`${v3}/credentials`, { credential: { type: 'totp', user_id: id, blob } })
    const replies = await Promise.all([0, 1, 0, 1].map((controller) => logIn(id, { passcode: passcode() }, { controller })))
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401])
    expect((await logIn(id, { passcode: passcode() }, { controller: 1 })).status).toBe(401)
  })

  test('a request that is sent again with its key uses it once', async () => {
    const id = await aUser('repeater')
    for (const controller of [0, 1])
      expect((await logIn(id, { passcode: passcode() }, { controller, 'idempotency-key': `once of ${id}` })).status).toBe(201)
    expect((await logIn(id, { passcode: passcode() })).status).toBe(401)
  })

  test('a login that is refused for something else does not spend it', async () => {
    const id = await aUser('mistyped')
    expect((await logIn(id, { passcode: passcode(), password: 'wrong' })).status).toBe(401)
    const { status, body } = await logIn(id, { passcode: passcode(), password: 'pw' })
    expect([status, body.token.methods]).toEqual([201, ['password', 'totp']])
  })

  test('what is asked for together is shown at once or by a receipt, which is good on every controller', async () => {
    const rules = [
      ['password', 'totp'],
      ['oauth1', 'nosuch'],
    ]
    const id = await aUser('careful', { multi_factor_auth_rules: rules })
    expect((await logIn(id, { passcode: passcode(1), password: 'pw' })).status).toBe(201)
    const partly = await logIn(id, { password: 'pw' })
    expect([partly.status, partly.body]).toEqual([
      401,
      {
        receipt: {
          methods: ['password'],
          user: { id, name: 'careful', domain: { id: 'default', name: 'Default' } },
          expires_at: expect.stringMatching(/Z$/),
          issued_at: expect.stringMatching(/Z$/),
        },
        required_auth_methods: [['password', 'totp']],
      },
    ])
    const { expires_at, issued_at } = partly.body.receipt
    expect(Date.parse(expires_at) - Date.parse(issued_at)).toBe(300_000)
    const receipt = { 'openstack-auth-receipt': partly.headers.get('openstack-auth-receipt')! }
    expect((await at(0).get(`${v3}/auth/projects`, { 'x-auth-token': receipt['openstack-auth-receipt'] })).status).toBe(401)
    expect((await logIn(id, { password: 'pw' }, receipt)).status).toBe(401)
    const whole = await logIn(id, { passcode: passcode() }, { controller: 1, ...receipt })
    expect([whole.status, whole.body.token.methods]).toEqual([201, ['password', 'totp']])
    // The token stands for both.
    const again = { methods: ['token'], token: { id: whole.headers.get('x-subject-token') } }
    expect((await at(0).post(`${v3}/auth/tokens`, { auth: { identity: again } })).status).toBe(201)
  })

  test('a receipt is for its user, for five minutes, and until his next password', async () => {
    const rules = { multi_factor_auth_rules: [['password', 'totp']] }
    const [id, other] = [await aUser('hurried', rules), await aUser('stranger', rules)]
    const receipt = async () => (await logIn(id, { password: 'pw' })).headers.get('openstack-auth-receipt')!
    const first = await receipt()
    const refused = await logIn(other, { passcode: passcode() }, { 'openstack-auth-receipt': first })
    expect([refused.status, refused.body.error.message]).toEqual([401, `Could not find auth receipt: ${first}.`])
    const token = {
      'openstack-auth-receipt': (await logIn(cloud.userId('demo'), { password: 'secret of demo' })).headers.get('x-subject-token')!,
    }
    expect((await logIn(id, { passcode: passcode() }, token)).status).toBe(401)
    passedMs = 300_000
    expect((await logIn(id, { passcode: passcode() }, { 'openstack-auth-receipt': first })).status).toBe(401)
    const second = await receipt()
    await cloud.anonymous.post(`${v3}/users/${id}/password`, { user: { original_password: 'pw', password: 'new' } })
    expect((await logIn(id, { passcode: passcode() }, { 'openstack-auth-receipt': second })).status).toBe(401)
    expect((await logIn(id, { passcode: passcode(), password: 'new' })).status).toBe(201)
    passedMs = 0
  })

  test('a passcode that got somebody a receipt gets him no other', async () => {
    const id = await aUser('thrifty', { multi_factor_auth_rules: [['password', 'totp']] })
    const shown = { passcode: passcode() }
    const tries = [await logIn(id, shown), await logIn(id, shown)]
    expect(tries.map(({ status, headers }) => [status, headers.has('openstack-auth-receipt')])).toEqual([
      [401, true],
      [401, false],
    ])
  })

  test('rules that are switched off are not asked for, and nobody is locked out by methods that there are not', async () => {
    const rules = [['password', 'totp']]
    const off = await aUser('off', { multi_factor_auth_rules: rules, multi_factor_auth_enabled: false })
    const odd = await aUser('odd', { multi_factor_auth_rules: [['password', 'smartcard']] })
    for (const id of [off, odd]) expect((await logIn(id, { password: 'pw' })).status).toBe(201)
    expect((await logIn(odd, { passcode: passcode() })).status).toBe(401)
  })

  test('used ones are forgotten once they are long over', async () => {
    const id = await aUser('past')
    await logIn(id, { passcode: passcode() })
    const used = async () =>
      (await cloud.ctx.db.selectFrom('keystone_used_passcodes').select('step').where('user_id', '=', id).execute()).length
    await forgetPasscodes(cloud.ctx)
    expect(await used()).toBe(1)
    passedMs = 2 * 3600_000
    await forgetPasscodes(cloud.ctx)
    expect(await used()).toBe(0)
    passedMs = 0
  })
})

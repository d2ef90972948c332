import { beforeEach, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { loginOf } from '../../../test/helpers/test-identity.ts'
import { systemClock } from '../../kernel/clock.ts'
import { dayMs, nothingAsked } from './compliance.ts'
import { disableInactive } from './inactive.ts'

const v3 = '/identity/v3'
const weak = 'The password does not match the requirements: four characters at least.'
const known =
  'The new password cannot be identical to a previous password. The total number which includes the new password must be unique is 2.'
const tooSoon = (days: number) =>
  `You cannot change your password at this time due to the minimum password age. Once you change your password, it must be used for 2 day(s) before it can be changed. Please try again in ${days} day(s) or contact your administrator to reset your password.`

/** A cloud, and the days that have passed in it. */
function useAgingCloud(database: (typeof databases)[number], asked: object) {
  const compliance = { ...nothingAsked, ...asked }
  let days = 0
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + days * dayMs) }
  const cloud = useCloud(database, { compliance, clock })
  beforeEach(() => void (days = 0))
  const admin = async () => {
    const { headers } = await cloud.anonymous.post(`${v3}/auth/tokens`, loginOf('admin'))
    return cloud.withToken(headers.get('x-subject-token')!)
  }
  const logIn = (id: string, password: string) =>
    cloud.anonymous.post(`${v3}/auth/tokens`, { auth: { identity: { methods: ['password'], password: { user: { id, password } } } } })
  return {
    cloud,
    compliance,
    admin,
    after: (passed: number) => void (days = passed),
    make: async (user: object) => (await admin()).post(`${v3}/users`, { user }),
    patch: async (id: string, user: object) => (await admin()).patch(`${v3}/users/${id}`, { user }),
    show: async (id: string) => (await (await admin()).get(`${v3}/users/${id}`)).body.user,
    logIn,
    canLogIn: async (id: string, password: string) => (await logIn(id, password)).status === 201,
    async change(id: string, original_password: string, password: string): Promise<[number, string | undefined]> {
      const { status, body } = await cloud.anonymous.post(`${v3}/users/${id}/password`, { user: { original_password, password } })
      return [status, body.error?.message]
    },
  }
}

describe.each(databases)('passwords as a cloud asks for them on %s', (database) => {
  const asked = {
    uniqueLastPasswordCount: 2,
    minimumPasswordAge: 2,
    passwordExpiresDays: 30,
    passwordRegex: '.{4}',
    passwordRegexDescription: 'four characters at least',
  }
  const { make, patch, show, logIn, canLogIn, change, after, admin, cloud } = useAgingCloud(database, asked)
  const aUser = async (name: string, options: object = {}): Promise<string> =>
    (await make({ name, password: 'first', options })).body.user.id

  test('one that is too simple is refused, whoever sets it', async () => {
    expect((await make({ name: 'weak', password: '123' })).body.error).toMatchObject({ code: 400, message: weak })
    expect((await make({ name: 'none', password: null })).body.error.message).toBe(
      'Password validation error: Password must be a string type.',
    )
    const id = await aUser('strong')
    expect((await patch(id, { password: '123' })).body.error).toMatchObject({ code: 400, message: weak })
    expect(await change(id, 'first', '123')).toEqual([400, weak])
    expect(await change(id, 'wrong', '123')).toEqual([401, 'The request you have made requires authentication.'])
    expect(await canLogIn(id, 'first')).toBe(true)
  })

  test('a user may not go back to his last two, and an administrator may set any', async () => {
    const id = await aUser('nostalgic')
    expect(await change(id, 'first', 'first')).toEqual([400, known])
    expect((await change(id, 'first', 'second'))[0]).toBe(204)
    after(3)
    expect(await change(id, 'second', 'first')).toEqual([400, known])
    expect(await change(id, 'second', 'second')).toEqual([400, known])
    expect((await change(id, 'second', 'third'))[0]).toBe(204)
    after(6)
    expect((await change(id, 'third', 'first'))[0]).toBe(204)
    expect((await patch(id, { password: 'third' })).status).toBe(200)
    expect((await patch(id, { password: 'third' })).status).toBe(200)
    expect(await change(id, 'third', 'third')).toEqual([400, known])
    const kept = cloud.ctx.db.selectFrom('keystone_past_passwords').select('password_hash').where('user_id', '=', id)
    expect(await kept.execute()).toHaveLength(1)
    await (await admin()).delete(`${v3}/users/${id}`)
    expect(await kept.execute()).toEqual([])
  })

  test('a user keeps what he chose for two days; what an administrator set he may change at once', async () => {
    const id = await aUser('hasty')
    expect((await change(id, 'first', 'second'))[0]).toBe(204)
    expect(await change(id, 'second', 'third')).toEqual([400, tooSoon(1)])
    await patch(id, { password: 'given' })
    expect((await change(id, 'given', 'third'))[0]).toBe(204)
    after(2.01)
    expect((await change(id, 'third', 'fourth'))[0]).toBe(204)
  })

  test('with lock_password only an administrator changes it', async () => {
    const id = await aUser('child', { lock_password: true })
    expect(await change(id, 'first', 'second')).toEqual([
      400,
      'You cannot change your password at this time due to password policy disallowing password changes. Please contact your administrator to reset your password.',
    ])
    await patch(id, { options: { lock_password: null } })
    expect((await change(id, 'first', 'second'))[0]).toBe(204)
  })

  test('after thirty days it is good for choosing another one, and for nothing else', async () => {
    const id = await aUser('aging')
    const ends = (await show(id)).password_expires_at
    expect(ends).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000$/)
    expect((await logIn(id, 'first')).body.token.user.password_expires_at).toBe(ends)
    after(30.01)
    const { status, body } = await logIn(id, 'first')
    expect([status, body.error.message]).toEqual([401, `The password is expired and needs to be changed for user: ${id}.`])
    expect((await logIn(id, 'wrong')).body.error.message).toBe('The request you have made requires authentication.')
    expect((await change(id, 'first', 'second'))[0]).toBe(204)
    expect(await canLogIn(id, 'second')).toBe(true)
    expect((await show(id)).password_expires_at > ends).toBe(true)
  })

  test('with ignore_password_expiry it never ends', async () => {
    const exempt = await aUser('robot', { ignore_password_expiry: true })
    expect((await show(exempt)).password_expires_at).toBeNull()
    const late = await aUser('late')
    await patch(late, { options: { ignore_password_expiry: true } })
    after(31)
    expect([await canLogIn(exempt, 'first'), await canLogIn(late, 'first')]).toEqual([true, true])
  })

  test('users are found by the end of their passwords, also in a group', async () => {
    const id = await aUser('found')
    const ends = (await show(id)).password_expires_at
    const group = (await (await admin()).post(`${v3}/groups`, { group: { name: 'the found' } })).body.group.id
    for (const member of [id, cloud.userId('demo')]) await (await admin()).put(`${v3}/groups/${group}/users/${member}`)
    for (const list of [`${v3}/users`, `${v3}/groups/${group}/users`]) {
      const ask = async (filter: string) => (await admin()).get(`${list}?name=found&password_expires_at=${filter}`)
      const finds = async (filter: string) => (await ask(filter)).body.users.map((user: { id: string }) => user.id)
      for (const filter of [ends, `eq:${ends}`, `lte:${ends}`, 'gt:2020-01-01T00:00:00Z', 'neq:2020-01-01T00:00:00Z'])
        expect(await finds(filter), filter).toEqual([id])
      for (const filter of [`lt:${ends}`, 'lt:2020-01-01T00:00:00Z', `neq:${ends}`]) expect(await finds(filter), filter).toEqual([])
      expect((await ask('lt:soon')).body.error).toMatchObject({
        code: 400,
        message: expect.stringMatching(/^Timestamp not in expected format\. /),
      })
      expect((await ask(`ge:${ends}`)).body.error.message).toBe(
        "The given operator ge is not valid. It must be one of the following: 'eq', 'neq', 'lt', 'lte', 'gt', or 'gte'.",
      )
    }
    // Those who were there before passwords ended are in no such list.
    expect((await (await admin()).get(`${v3}/users?name=demo&password_expires_at=gt:2020-01-01T00:00:00Z`)).body.users).toEqual([])
  })

  test('options that there are not, or of another kind, are refused', async () => {
    for (const options of [
      { lock: true },
      { lock_password: 'yes' },
      { multi_factor_auth_rules: ['totp'] },
      { multi_factor_auth_rules: [[]] },
    ])
      expect((await make({ name: 'x', options })).status, JSON.stringify(options)).toBe(400)
  })
})

describe.each(databases)('accounts as a cloud asks for them on %s', (database) => {
  const asked = { changePasswordUponFirstUse: true, disableUserAccountDaysInactive: 90 }
  const { make, patch, show, canLogIn, change, logIn, after, cloud, compliance } = useAgingCloud(database, asked)
  const free = { ignore_change_password_upon_first_use: true }
  const aUser = async (name: string, options: object = {}): Promise<string> =>
    (await make({ name, password: 'first', options })).body.user.id

  test('a password that an administrator set must be changed before anything else', async () => {
    const id = await aUser('newcomer')
    expect((await logIn(id, 'first')).body.error.message).toBe(`The password is expired and needs to be changed for user: ${id}.`)
    expect((await change(id, 'first', 'second'))[0]).toBe(204)
    expect([await canLogIn(id, 'second'), (await show(id)).password_expires_at]).toEqual([true, null])
    await patch(id, { password: 'third' })
    expect(await canLogIn(id, 'third')).toBe(false)
    await patch(id, { password: 'fourth', options: free })
    expect(await canLogIn(id, 'fourth')).toBe(true)
    expect(await canLogIn(cloud.userId('demo'), 'secret of demo')).toBe(true)
  })

  test('who has not logged in for ninety days is disabled, until an administrator enables him', async () => {
    const [idle, busy, exempt] = [
      await aUser('idle', free),
      await aUser('busy', free),
      await aUser('exempt', { ...free, ignore_user_inactivity: true }),
    ]
    after(60)
    // The administrator too is here on that day, since he asks.
    expect([await canLogIn(busy, 'first'), (await show(busy)).enabled]).toEqual([true, true])
    after(91)
    // Whether or not the chore was there already.
    expect(await canLogIn(idle, 'first')).toBe(false)
    await disableInactive(cloud.controllers[0]!.ctx, compliance, 1)
    const enabled = async (id: string) => (await show(id)).enabled
    expect([await enabled(idle), await enabled(busy), await enabled(exempt)]).toEqual([false, true, true])
    await patch(idle, { enabled: true })
    expect([await canLogIn(idle, 'first'), await canLogIn(busy, 'first'), await canLogIn(exempt, 'first')]).toEqual([true, true, true])
    await disableInactive(cloud.controllers[0]!.ctx, compliance, 1)
    expect(await enabled(idle)).toBe(true)
  })
})

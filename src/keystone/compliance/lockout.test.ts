import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { clientOf } from '../../../test/helpers/client.ts'
import { until } from '../../../test/helpers/until.ts'
import { nothingAsked } from './compliance.ts'

const v3 = '/identity/v3'
const refusal = { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } }

describe.each(databases)('two wrong passwords lock an account on %s', (database) => {
  const compliance = { ...nothingAsked, lockoutFailureAttempts: 2, lockoutDuration: 3 }
  const cloud = useCloud(database, { controllers: 2, compliance })
  const at = (controller: number) =>
    clientOf(
      () => `http://127.0.0.1:${cloud.controllers[controller]!.port}`,
      async () => undefined,
    )
  const aUser = async (name: string, options: object = {}): Promise<string> =>
    (await cloud.as('admin').post(`${v3}/users`, { user: { name, password: 'right', options } })).body.user.id
  const logIn = (id: string, password: string, { controller = 0, key = crypto.randomUUID() as string } = {}) => {
    const auth = { identity: { methods: ['password'], password: { user: { id, password } } } }
    return at(controller).post(`${v3}/auth/tokens`, { auth }, { 'idempotency-key': key })
  }
  const counted = async (id: string) =>
    (await cloud.ctx.db.selectFrom('keystone_failed_logins').select('number').where('user_id', '=', id).execute()).length

  test('for everybody and on every controller, without a word, until its time is over', async () => {
    const id = await aUser('locked')
    for (const controller of [0, 1]) expect((await logIn(id, 'wrong', { controller })).status).toBe(401)
    for (const controller of [0, 1]) {
      const { status, body } = await logIn(id, 'right', { controller })
      expect([status, body]).toEqual([401, refusal])
    }
    const change = { user: { original_password: 'right', password: 'new' } }
    expect((await cloud.anonymous.post(`${v3}/users/${id}/password`, change)).status).toBe(401)
    expect((await logIn(cloud.userId('demo'), 'secret of demo')).status).toBe(201)
    await until(async () => (await logIn(id, 'right')).status === 201, { what: 'the account to be open again' })
    expect(await counted(id)).toBe(0)
  })

  test('and not before: a right one in between begins anew', async () => {
    const id = await aUser('forgetful')
    for (const password of ['wrong', 'right', 'wrong', 'right', 'wrong']) {
      expect((await logIn(id, password)).status).toBe(password === 'right' ? 201 : 401)
    }
    expect(await counted(id)).toBe(1)
  })

  test('also when many come at once: each counts, and none after the last that may', async () => {
    const id = await aUser('attacked')
    const tries = Array.from({ length: 12 }, (_, n) => logIn(id, `guess ${n}`, { controller: n % 2 }))
    expect(new Set((await Promise.all(tries)).map((reply) => reply.status))).toEqual(new Set([401]))
    expect(await counted(id)).toBe(2)
    expect((await logIn(id, 'right', { controller: 1 })).status).toBe(401)
  })

  test('two that meet count as two', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const id = await aUser(`met ${name}`)
      await Promise.all([0, 1].map((controller) => logIn(id, `guess ${controller}`, { controller })))
      expect(await counted(id)).toBe(2)
    }
  })

  test('a request that is sent again counts once, and another password under its key is another try', async () => {
    const id = await aUser('repeated')
    for (const controller of [0, 1, 0]) await logIn(id, 'wrong', { controller, key: `key of ${id}` })
    expect(await counted(id)).toBe(1)
    expect((await logIn(id, 'other', { key: `key of ${id}` })).status).toBe(401)
    expect([await counted(id), (await logIn(id, 'right')).status]).toEqual([2, 401])
  })

  test('also those that were given for a change of the password', async () => {
    const id = await aUser('changer')
    const change = (original_password: string) =>
      cloud.anonymous.post(`${v3}/users/${id}/password`, { user: { original_password, password: 'new' } })
    expect((await change('wrong')).status).toBe(401)
    expect((await change('wrong')).status).toBe(401)
    expect((await change('right')).status).toBe(401)
    expect((await logIn(id, 'right')).status).toBe(401)
  })

  test('until an administrator changes the user', async () => {
    const id = await aUser('helped')
    for (const password of ['wrong', 'wrong too', 'right']) expect((await logIn(id, password)).status).toBe(401)
    expect((await cloud.as('admin').patch(`${v3}/users/${id}`, { user: { enabled: true } })).status).toBe(200)
    expect((await logIn(id, 'right')).status).toBe(201)
  })

  test('but not where he has the option for it', async () => {
    const id = await aUser('robot', { ignore_lockout_failure_attempts: true })
    for (const password of ['one', 'two', 'three']) expect((await logIn(id, password)).status).toBe(401)
    expect((await logIn(id, 'right')).status).toBe(201)
  })

  test('nothing of it stays when the user goes', async () => {
    const id = await aUser('gone')
    await logIn(id, 'wrong')
    expect(await counted(id)).toBe(1)
    await cloud.as('admin').delete(`${v3}/users/${id}`)
    expect(await counted(id)).toBe(0)
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { systemClock } from '../../kernel/clock.ts'
import { forgetRevocationEvents } from './store.ts'

const v3 = '/identity/v3'

describe.each(databases)('revocations on %s', (database) => {
  let passedMs = 0
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + passedMs) }
  const cloud = useCloud(database, { clock })
  const events = async (since = '') => (await cloud.as('nova').get(`${v3}/OS-REVOKE/events${since && `?since=${since}`}`)).body.events
  const make = async (kind: string, body: object): Promise<string> =>
    (await cloud.as('admin').post(`${v3}/${kind}s`, { [kind]: body })).body[kind].id

  test('are told to services: of one token, of a user, of a project', async () => {
    const [user, project] = [await make('user', { name: 'u', password: 'pw' }), await make('project', { name: 'p' })]
    const identity = { methods: ['password'], password: { user: { id: user, password: 'pw' } } }
    const login = await cloud.anonymous.post(`${v3}/auth/tokens`, { auth: { identity } })
    const token = login.headers.get('x-subject-token')!
    await cloud.withToken(token).delete(`${v3}/auth/tokens`, { 'x-subject-token': token })
    await cloud.anonymous.post(`${v3}/users/${user}/password`, { user: { original_password: 'pw', password: 'new' } })
    await cloud.as('admin').patch(`${v3}/users/${user}`, { user: { enabled: false } })
    await cloud.as('admin').patch(`${v3}/users/${user}`, { user: { enabled: false } })
    await cloud.as('admin').delete(`${v3}/users/${user}`)
    await cloud.as('admin').delete(`${v3}/projects/${project}`)
    const told = await events()
    const when = { issued_before: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/), revoked_at: expect.stringMatching(/Z$/) }
    expect(told).toEqual([
      { audit_id: login.body.token.audit_ids[0], ...when },
      ...[1, 2, 3].map(() => ({ user_id: user, ...when })),
      { project_id: project, ...when },
    ])
    expect(await events(told.at(-1).revoked_at)).toEqual([])
    expect(await events('2020-01-01T00:00:00Z')).toEqual(told)
  })

  test('are for services and administrators, and asked for by a moment', async () => {
    expect((await cloud.as('demo').get(`${v3}/OS-REVOKE/events`)).status).toBe(403)
    expect((await cloud.as('admin').get(`${v3}/OS-REVOKE/events`)).status).toBe(200)
    const { status, body } = await cloud.as('nova').get(`${v3}/OS-REVOKE/events?since=soon`)
    expect([status, body.error.message]).toEqual([400, 'invalidate date format soon'])
  })

  test('are forgotten when all that they ended is over by itself', async () => {
    await cloud.as('admin').delete(`${v3}/projects/${await make('project', { name: 'q' })}`)
    const count = async () => (await cloud.ctx.db.selectFrom('keystone_revocation_events').select('id').execute()).length
    await forgetRevocationEvents(cloud.ctx)
    expect(await count()).toBeGreaterThan(0)
    passedMs = 2 * 3600_000
    await forgetRevocationEvents(cloud.ctx)
    expect(await count()).toBe(0)
    passedMs = 0
  })

  test('certificates are gone, and lists of projects and domains have their old names too', async () => {
    for (const name of ['ca', 'certificates']) {
      const { status, body } = await cloud.anonymous.get(`${v3}/OS-SIMPLE-CERT/${name}`)
      expect([status, body.error.message]).toEqual([410, 'This API is no longer available due to the removal of support for PKI tokens.'])
    }
    expect((await cloud.anonymous.get(`${v3}/auth/tokens/OS-PKI/revoked`)).status).toBe(403)
    for (const name of ['projects', 'domains']) {
      const [old, present] = [await cloud.as('admin').get(`${v3}/OS-FEDERATION/${name}`), await cloud.as('admin').get(`${v3}/auth/${name}`)]
      expect(old.body[name]).toEqual(present.body[name])
      expect(old.body[name].length).toBeGreaterThan(0)
      expect((await cloud.anonymous.get(`${v3}/OS-FEDERATION/${name}`)).status).toBe(401)
    }
  })
})

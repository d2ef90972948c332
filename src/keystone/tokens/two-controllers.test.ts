import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { clientOf } from '../../../test/helpers/client.ts'
import { until } from '../../../test/helpers/until.ts'
import { memoryOf } from '../memory.ts'
import { type HeldKeys, loadKeys, openToken } from '../keys/ring.ts'
import { keepKeys, rotateKeys } from '../keys/rotate.ts'

const path = '/identity/v3/auth/tokens'
const domain = { id: 'default' }

describe.each(databases)('two controllers on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const at = (controller: number) =>
    clientOf(
      () => `http://127.0.0.1:${cloud.controllers[controller]!.port}`,
      async () => undefined,
    )
  const logIn = async (
    name: string,
    password: string,
    controller = 0,
    scope: object | undefined = { project: { name: 'demo', domain } },
  ) => {
    const auth = { identity: { methods: ['password'], password: { user: { name, domain, password } } }, scope }
    return (await at(controller).post(path, { auth })).headers.get('x-subject-token') ?? ''
  }
  /** Someone with a role in project demo. */
  async function aUser(name: string, role = 'member') {
    const admin = cloud.as('admin')
    const { id } = (await admin.post('/identity/v3/users', { user: { name, password: 'pw' } })).body.user
    const roleId = (await admin.get(`/identity/v3/roles?name=${role}`)).body.roles[0].id
    const grant = `/identity/v3/projects/${cloud.projectId('demo')}/users/${id}/roles/${roleId}`
    await admin.put(grant)
    return { id, grant, token: await logIn(name, 'pw') }
  }
  const works = async (token: string, controller: number) =>
    (await at(controller).get('/identity/v3/auth/projects', { 'x-auth-token': token })).status === 200
  /** Within a second both controllers refuse the token, which both knew. */
  async function endsEverywhere(token: string, act: () => Promise<unknown>) {
    expect([await works(token, 0), await works(token, 1)]).toEqual([true, true])
    await act()
    await until(async () => !(await works(token, 0)) && !(await works(token, 1)), {
      what: 'both controllers to refuse the token',
      timeoutMs: 1000,
    })
  }

  test('a token of one is good at the other', async () => {
    const token = await logIn('demo', 'secret of demo', 0)
    expect(await works(token, 1)).toBe(true)
  })

  test('a revoked token ends everywhere', async () => {
    const { token } = await aUser('revoked')
    await endsEverywhere(token, () => cloud.as('admin').delete(path, { 'x-subject-token': token }))
  })

  test('who asks whether a token is good learns it at once, wherever it was revoked', async () => {
    const asker = await logIn('admin', 'secret of admin', 0, { project: { name: 'admin', domain } })
    for (let round = 0; round < 10; round++) {
      const headers = { 'x-auth-token': asker, 'x-subject-token': (await aUser(`asked-${round}`)).token }
      expect((await at(1).get(path, headers)).status).toBe(200)
      await at(0).delete(path, headers)
      expect((await at(1).get(path, headers)).status).toBe(404)
    }
  })

  test('the tokens of a disabled user end everywhere, and stay ended', async () => {
    const { id, token } = await aUser('disabled')
    await endsEverywhere(token, () => cloud.as('admin').patch(`/identity/v3/users/${id}`, { user: { enabled: false } }))
    expect(await logIn('disabled', 'pw')).toBe('')
    await cloud.as('admin').patch(`/identity/v3/users/${id}`, { user: { enabled: true } })
    expect(await works(token, 0)).toBe(false)
    expect(await works(await logIn('disabled', 'pw'), 1)).toBe(true)
  })

  test('a deleted user has no token', async () => {
    const { id, token } = await aUser('deleted')
    await endsEverywhere(token, () => cloud.as('admin').delete(`/identity/v3/users/${id}`))
  })

  test('a new password ends the tokens of the old one', async () => {
    const { id, token } = await aUser('careful')
    const change = { user: { original_password: 'pw', password: 'better' } }
    await endsEverywhere(token, () => at(1).post(`/identity/v3/users/${id}/password`, change))
    expect([await logIn('careful', 'pw'), await works(await logIn('careful', 'better'), 0)]).toEqual(['', true])
  })

  test('the last role taken away ends the tokens for that project', async () => {
    const { grant, token } = await aUser('unwanted')
    await endsEverywhere(token, () => cloud.as('admin').delete(grant))
  })

  test('a role that is taken away is missing from the token at once', async () => {
    const { id, token } = await aUser('demoted')
    const admin = cloud.as('admin')
    const adminRole = (await admin.get('/identity/v3/roles?name=admin')).body.roles[0].id
    const grant = `/identity/v3/projects/${cloud.projectId('demo')}/users/${id}/roles/${adminRole}`
    const mayList = async (controller: number) => (await at(controller).get('/identity/v3/users', { 'x-auth-token': token })).status === 200
    expect(await mayList(0)).toBe(false)
    await admin.put(grant)
    await until(async () => (await mayList(0)) && (await mayList(1)), { what: 'the new role', timeoutMs: 1000 })
    await admin.delete(grant)
    await until(async () => !(await mayList(0)) && !(await mayList(1)), { what: 'the role to be gone', timeoutMs: 1000 })
  })

  test('tokens for a disabled project or of a disabled domain are refused', async () => {
    const admin = cloud.as('admin')
    const home = (await admin.post('/identity/v3/domains', { domain: { name: 'home' } })).body.domain.id
    const project = (await admin.post('/identity/v3/projects', { project: { name: 'yard', domain_id: home } })).body.project.id
    const user = (await admin.post('/identity/v3/users', { user: { name: 'hen', domain_id: home, password: 'pw' } })).body.user.id
    const role = (await admin.get('/identity/v3/roles?name=member')).body.roles[0].id
    await admin.put(`/identity/v3/projects/${project}/users/${user}/roles/${role}`)
    const auth = {
      identity: { methods: ['password'], password: { user: { id: user, password: 'pw' } } },
      scope: { project: { id: project } },
    }
    const token = (await at(0).post(path, { auth })).headers.get('x-subject-token')!
    await endsEverywhere(token, () => admin.patch(`/identity/v3/projects/${project}`, { project: { enabled: false } }))
    await admin.patch(`/identity/v3/projects/${project}`, { project: { enabled: true } })
    await until(async () => (await works(token, 0)) && (await works(token, 1)), { what: 'the project to be back', timeoutMs: 1000 })
    await endsEverywhere(token, () => admin.patch(`/identity/v3/domains/${home}`, { domain: { enabled: false } }))
  })

  test('keys rotate under tokens in use, and no instance is left behind', async () => {
    const [one, two] = [cloud.controllers[0]!.ctx, cloud.controllers[1]!.ctx]
    const tokens = [await logIn('demo', 'secret of demo')]
    for (let round = 0; round < 3; round++) {
      await Promise.all([keepKeys(one, 'controller-1'), keepKeys(two, 'controller-2')])
      const before = memoryOf(one).keys!.primary
      const rotations = await Promise.all([rotateKeys(one), rotateKeys(two), rotateKeys(one)])
      expect(rotations.filter((rotation) => rotation.rotated)).toHaveLength(1)
      // The other instance has not looked since, and reads what the new key seals all the same.
      await keepKeys(one, 'controller-1')
      expect(memoryOf(one).keys!.primary.equals(before)).toBe(false)
      tokens.push(await logIn('demo', 'secret of demo', 0), await logIn('demo', 'secret of demo', 1))
      for (const token of tokens) expect([await works(token, 0), await works(token, 1)]).toEqual([true, true])
    }
  })

  test('a key is not used before every live instance holds it', async () => {
    const [one, two] = [cloud.controllers[0]!.ctx, cloud.controllers[1]!.ctx]
    await Promise.all([keepKeys(one, 'controller-1'), keepKeys(two, 'controller-2')])
    expect((await rotateKeys(one)).rotated).toBe(true)
    await keepKeys(one, 'controller-1')
    // The second instance has not seen the key that was staged just now.
    const refused = await rotateKeys(one)
    if (!refused.rotated) expect(refused.waitingFor).toEqual(['controller-2'])
    await keepKeys(two, 'controller-2')
    await keepKeys(one, 'controller-1')
    expect((await rotateKeys(one)).rotated).toBe(true)
  })

  test.each([60_000, 1000])('an instance whose keys were read %s ms ago, before keys rotated, reads the new tokens', async (ageMs) => {
    const [one, two] = [cloud.controllers[0]!.ctx, cloud.controllers[1]!.ctx]
    const stale = await loadKeys(two)
    for (let round = 0; round < 2; round++) {
      await Promise.all([keepKeys(one, 'controller-1'), keepKeys(two, 'controller-2')])
      expect((await rotateKeys(one)).rotated).toBe(true)
    }
    await loadKeys(one)
    const token = await logIn('demo', 'secret of demo', 0)
    // As in a process that was frozen: the look that was under way then comes back with what there was long ago.
    const memory = memoryOf(two)
    memory.keys = { ...stale, loadedAtMs: two.clock.monotonicMs() - ageMs }
    const underway = Promise.withResolvers<HeldKeys>()
    memory.loadingKeys = underway.promise.finally(() => (memory.loadingKeys = undefined))
    const opening = openToken(two, token)
    setImmediate(() => underway.resolve({ ...stale, loadedAtMs: two.clock.monotonicMs() - 60_000 }))
    expect(await opening).toBeDefined()
    expect(await works(token, 1)).toBe(true)
  })
})

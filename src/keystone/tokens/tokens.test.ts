import { describe, expect, test } from 'vitest'
import { databases, passwordOf, useCloud } from '../../../test/helpers/a-cloud.ts'
import { loginOf } from '../../../test/helpers/test-identity.ts'

const path = '/identity/v3/auth/tokens'
const domain = { id: 'default' }
const identity = (name: string, password = passwordOf(name)) => ({ methods: ['password'], password: { user: { name, domain, password } } })

describe.each(databases)('tokens on %s', (database) => {
  const cloud = useCloud(database)
  const logIn = (auth: object) => cloud.anonymous.post(path, { auth })
  const validate = async (subject: string, headers: Record<string, string> = {}) => cloud.as('admin').get(path, { 'x-subject-token': subject, ...headers })

  test('a user logs in to a project by names', async () => {
    const { status, headers, body } = await cloud.anonymous.post(path, loginOf('demo'))
    expect(status).toBe(201)
    expect(headers.get('x-subject-token')).toMatch(/^gAAAAA[\w-]+$/)
    expect(headers.get('vary')).toBe('X-Auth-Token')
    expect(body.token).toMatchObject({
      methods: ['password'],
      user: { name: 'demo', id: cloud.userId('demo'), domain: { id: 'default', name: 'Default' }, password_expires_at: null },
      project: { name: 'demo', id: cloud.projectId('demo'), domain: { id: 'default', name: 'Default' } },
      is_domain: false,
    })
    expect(body.token.roles.map((role: { name: string }) => role.name).sort()).toEqual(['member', 'reader'])
    expect(body.token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/)
    expect(body.token.audit_ids).toHaveLength(1)
    const compute = body.token.catalog.find((entry: { type: string }) => entry.type === 'compute')
    expect(compute.endpoints[0]).toMatchObject({ url: `${cloud.url}/compute/v2.1`, region: 'RegionOne', region_id: 'RegionOne' })
  })

  test('an admin has all the roles that his role implies', async () => {
    const { body } = await cloud.anonymous.post(path, loginOf('admin'))
    expect(body.token.roles.map((role: { name: string }) => role.name).sort()).toEqual(['admin', 'manager', 'member', 'reader'])
  })
})

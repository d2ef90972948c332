import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'

describe.each(databases)('EC2 credentials on %s', (database) => {
  const cloud = useCloud(database)
  const demo = () => cloud.as('demo')
  const pathOf = (user: 'demo' | 'admin' | 'alt_demo') => `${identity}/users/${cloud.userId(user)}/credentials/OS-EC2`
  const made = async () => (await demo().post(pathOf('demo'), { tenant_id: cloud.projectId('demo') })).body.credential

  test('one is made, shown, listed, and deleted', async () => {
    const { status, body } = await demo().post(pathOf('demo'), { tenant_id: cloud.projectId('demo') })
    const { credential } = body
    expect(status).toBe(201)
    expect(credential).toEqual({
      user_id: cloud.userId('demo'),
      tenant_id: cloud.projectId('demo'),
      access: expect.stringMatching(/^[0-9a-f]{32}$/),
      secret: expect.stringMatching(/^[0-9a-f]{32}$/),
      trust_id: null,
      links: { self: `${cloud.url}${pathOf('demo')}/${credential.access}` },
    })
    const one = `${pathOf('demo')}/${credential.access}`
    expect((await demo().get(one)).body.credential).toEqual(credential)
    expect((await demo().get(pathOf('demo'))).body.credentials).toEqual([credential])
    expect((await demo().delete(one)).status).toBe(204)
    expect((await demo().get(one)).status).toBe(404)
    expect((await demo().get(pathOf('demo'))).body.credentials).toEqual([])
  })

  test('it is among all credentials, under the digest of its access key, and one made there is found here', async () => {
    const { access, secret } = await made()
    const all = (await demo().get(`${identity}/credentials?type=ec2`)).body.credentials
    const kept = all.find((one: any) => JSON.parse(one.blob).access === access)
    expect(kept).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'ec2', project_id: cloud.projectId('demo') })
    expect(JSON.parse(kept.blob)).toEqual({ access, secret, trust_id: null })
    const blob = JSON.stringify({ access: 'own', secret: 'choice' })
    const body = { credential: { type: 'ec2', blob, user_id: cloud.userId('demo'), project_id: cloud.projectId('demo') } }
    expect((await demo().post(`${identity}/credentials`, body)).status).toBe(201)
    expect((await demo().get(`${pathOf('demo')}/own`)).body.credential).toMatchObject({ access: 'own', secret: 'choice', trust_id: null })
  })

  test('others’ are hidden from users, and not from admins', async () => {
    const { access } = await made()
    const one = `${pathOf('demo')}/${access}`
    for (const path of [pathOf('demo'), one]) expect((await cloud.as('alt_demo').get(path)).status).toBe(403)
    expect((await cloud.as('alt_demo').delete(one)).status).toBe(403)
    expect((await cloud.as('alt_demo').post(pathOf('demo'), { tenant_id: cloud.projectId('demo') })).status).toBe(403)
    expect((await cloud.as('alt_demo').get(`${pathOf('alt_demo')}/${access}`)).status).toBe(404)
    expect((await cloud.as('admin').get(one)).body.credential.access).toBe(access)
    expect((await cloud.as('admin').post(pathOf('alt_demo'), { tenant_id: cloud.projectId('demo') })).status).toBe(201)
    expect((await cloud.as('admin').get(`${identity}/users/nosuch/credentials/OS-EC2`)).status).toBe(404)
  })

  test('bad input is refused, and so is who came by a restricted credential', async () => {
    expect((await demo().post(pathOf('demo'), {})).status).toBe(400)
    expect((await demo().post(pathOf('demo'), { tenant_id: 'nosuch' })).body.error.message).toBe('Could not find project: nosuch.')
    const applications = `${identity}/users/${cloud.userId('demo')}/application_credentials`
    const { id, secret } = (await demo().post(applications, { application_credential: { name: 'robot' } })).body.application_credential
    const proof = { methods: ['application_credential'], application_credential: { id, secret } }
    const login = await cloud.anonymous.post(`${identity}/auth/tokens`, { auth: { identity: proof } })
    const robot = { 'x-auth-token': login.headers.get('x-subject-token')! }
    expect((await cloud.anonymous.post(pathOf('demo'), { tenant_id: cloud.projectId('demo') }, robot)).status).toBe(403)
    const credential = { type: 'ec2', blob: '{"access":"a"}', user_id: cloud.userId('demo'), project_id: cloud.projectId('demo') }
    expect((await cloud.anonymous.post(`${identity}/credentials`, { credential }, robot)).status).toBe(403)
  })
})

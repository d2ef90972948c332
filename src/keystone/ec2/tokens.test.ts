import { describe, expect, test } from 'vitest'
import { databases, useCloud, type UserName } from '../../../test/helpers/a-cloud.ts'
import { ec2Signature, s3Signature, type Signed } from './signature.ts'

const v3 = '/identity/v3'

describe.each(databases)('logging in by a signature on %s', (database) => {
  const cloud = useCloud(database)
  const service = () => cloud.as('nova')
  const made = async (headers?: Record<string, string>, user: UserName = 'demo') => {
    const client = headers ? cloud.anonymous : cloud.as(user)
    const path = `${v3}/users/${cloud.userId(user)}/credentials/OS-EC2`
    return (await client.post(path, { tenant_id: cloud.projectId('demo') }, headers)).body.credential
  }
  const now = (minutesAgo = 0) => new Date(cloud.ctx.clock.now().getTime() - minutesAgo * 60_000).toISOString().replace(/\.\d+/, '')
  const request = (params: object = {}): Signed => ({
    ...{ verb: 'GET', host: 'ec2.example.org:8788', path: '/', headers: {} },
    params: { SignatureVersion: '2', Action: 'DescribeInstances', Timestamp: now(), ...params },
  })
  const passed = ({ access, secret }: { access: string; secret: string }, signed = request()) => ({
    credentials: { ...signed, access, signature: ec2Signature(secret, signed) },
  })
  const ask = (body: object, client = service()) => client.post(`${v3}/ec2tokens`, body)

  test('a service gets a token of who signed, for the project of his credential', async () => {
    const credential = await made()
    const { status, headers, body } = await ask(passed(credential))
    expect(status).toBe(200)
    expect(body.token).toMatchObject({
      methods: ['ec2credential'],
      user: { id: cloud.userId('demo') },
      project: { id: cloud.projectId('demo') },
      catalog: expect.any(Array),
    })
    const token = headers.get('x-subject-token')!
    expect((await cloud.withToken(token).get(`${v3}/auth/projects`)).status).toBe(200)
    // Some sign the host without its port, and some call it otherwise.
    const portless = ec2Signature(credential.secret, { ...request(), host: 'ec2.example.org' })
    expect((await ask({ ec2Credentials: { ...request(), access: credential.access, signature: portless } })).status).toBe(200)
  })

  test('one that is wrong, old or of nobody gets none', async () => {
    const credential = await made()
    const { credentials } = passed(credential)
    const others = passed({ ...credential, secret: 'x' })
    for (const body of [others, { credentials: { ...credentials, path: '/other' } }, { credentials: { access: credential.access } }])
      expect((await ask(body)).status).toBe(401)
    expect((await ask(passed(credential, request({ Timestamp: now(16) })))).status).toBe(401)
    expect((await ask(passed(credential, request({ Timestamp: 'soon' })))).status).toBe(401)
    expect((await ask({ credentials: { signature: 'x' } })).status).toBe(401)
    expect((await ask({ credentials: { ...credentials, access: 'nosuch' } })).status).toBe(404)
    expect((await ask({})).body.error.message).toBe('request must include a request body')
    expect((await ask(passed(credential), cloud.as('demo'))).status).toBe(403)
    expect((await ask(passed(credential), cloud.anonymous)).status).toBe(401)
    await cloud.as('admin').delete(`${v3}/users/${cloud.userId('demo')}/credentials/OS-EC2/${credential.access}`)
    expect((await ask(passed(credential))).status).toBe(404)
  })

  test('an S3 service gets it by the text that was signed', async () => {
    const { access, secret } = await made()
    const text = 'GET\n\n\nSat, 28 Nov 2026 12:00:00 GMT\n/bucket'
    const credentials = { access, signature: s3Signature(secret, text), token: Buffer.from(text).toString('base64url') }
    const { status, headers, body } = await service().post(`${v3}/s3tokens`, { credentials })
    expect([status, headers.get('x-subject-token'), body.token.user.id]).toEqual([200, null, cloud.userId('demo')])
    const other = { ...credentials, token: Buffer.from(`${text}/other`).toString('base64url') }
    expect((await service().post(`${v3}/s3tokens`, { credentials: other })).status).toBe(401)
    expect((await cloud.as('demo').post(`${v3}/s3tokens`, { credentials })).status).toBe(403)
  })

  test('one that was made with an application credential can do no more than that, and can not be freed of it', async () => {
    const applications = `${v3}/users/${cloud.userId('demo')}/application_credentials`
    const { id: manager } = (await cloud.as('admin').get(`${v3}/roles?name=manager`)).body.roles[0]
    await cloud.as('admin').put(`${v3}/projects/${cloud.projectId('demo')}/users/${cloud.userId('demo')}/roles/${manager}`)
    const wanted = { name: 'robot', unrestricted: true, roles: [{ name: 'member' }] }
    const { id, secret } = (await cloud.as('demo').post(applications, { application_credential: wanted })).body.application_credential
    const identity = { methods: ['application_credential'], application_credential: { id, secret } }
    const login = await cloud.anonymous.post(`${v3}/auth/tokens`, { auth: { identity } })
    const robot = { 'x-auth-token': login.headers.get('x-subject-token')! }
    const blob = JSON.stringify({ access: `own ${id}`, secret: 'choice' })
    const own = { type: 'ec2', blob, user_id: cloud.userId('demo'), project_id: cloud.projectId('demo') }
    const kept = (await cloud.anonymous.post(`${v3}/credentials`, { credential: own }, robot)).body.credential
    for (const credential of [await made(robot), { access: `own ${id}`, secret: 'choice' }]) {
      const { token } = (await ask(passed(credential))).body
      expect([token.roles.map((role: { name: string }) => role.name), token.application_credential.id]).toEqual([['member', 'reader'], id])
    }
    const freed = await cloud.as('demo').patch(`${v3}/credentials/${kept.id}`, { credential: { blob } })
    expect([freed.status, freed.body.error.message]).toEqual([400, 'app_cred_id can not be updated for credential'])
    await cloud.as('demo').delete(`${applications}/${id}`)
    expect((await ask(passed({ access: `own ${id}`, secret: 'choice' }))).status).toBe(401)
  })
})

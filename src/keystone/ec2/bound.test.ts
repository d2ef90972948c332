import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { insertAccessToken } from '../oauth/store.ts'
import { ec2Signature } from './signature.ts'

const v3 = '/identity/v3'

describe.each(databases)('an EC2 credential that its owner wrote himself on %s', (database) => {
  const cloud = useCloud(database)
  let count = 0

  /** The status of a log-in by a credential of demo's for a project, whose blob says this besides; `change` is written to it before. */
  async function logInWith(more: object, { project = 'demo', change }: { project?: string; change?: object } = {}): Promise<number> {
    const [access, secret] = [`written ${database} ${++count}`, 'chosen']
    const [user_id, project_id] = [cloud.userId('demo'), cloud.projectId(project)]
    const credential = { type: 'ec2', blob: JSON.stringify({ access, secret, ...more }), user_id, project_id }
    const { status, body } = await cloud.as('demo').post(`${v3}/credentials`, { credential })
    expect(status).toBe(201)
    if (change) expect((await cloud.as('demo').patch(`${v3}/credentials/${body.credential.id}`, { credential: change })).status).toBe(200)
    const params = { SignatureVersion: '2', Timestamp: cloud.ctx.clock.now().toISOString().replace(/\.\d+/, '') }
    const signed = { verb: 'GET', host: 'ec2.example.org', path: '/', headers: {}, params }
    const credentials = { ...signed, access, signature: ec2Signature(secret, signed) }
    return (await cloud.as('nova').post(`${v3}/ec2tokens`, { credentials })).status
  }

  const applicationOf = async (user: 'demo' | 'alt_demo'): Promise<string> => {
    const path = `${v3}/users/${cloud.userId(user)}/application_credentials`
    return (await cloud.as(user).post(path, { application_credential: { name: 'robot', unrestricted: true } })).body.application_credential
      .id
  }
  const accessOf = async (user: 'demo' | 'alt_demo'): Promise<string> => {
    const { id: consumer_id } = (await cloud.as('admin').post(`${v3}/OS-OAUTH1/consumers`, { consumer: {} })).body.consumer
    const id = cloud.ctx.ids.hex()
    const row = { id, consumer_id, user_id: cloud.userId(user), project_id: cloud.projectId(user), role_ids_json: [member] }
    const rest = { sealed_secret: cloud.ctx.vault.seal('s'), expires_at: '2100-01-01T00:00:00.000000Z' }
    await transaction(cloud.ctx, 'test', (tx) => insertAccessToken(tx, { ...row, ...rest }))
    return id
  }
  let member: string
  beforeAll(async () => {
    member = (await cloud.as('admin').get(`${v3}/roles?name=member`)).body.roles[0].id
  })

  test('is good for as long as it is one', async () => {
    expect(await logInWith({})).toBe(200)
    expect(await logInWith({}, { change: { type: 'cert' } })).toBe(401)
  })

  test('is good with an application credential of his own for that project, and with no other', async () => {
    const [own, others] = [await applicationOf('demo'), await applicationOf('alt_demo')]
    expect(await logInWith({ app_cred_id: own })).toBe(200)
    expect(await logInWith({ app_cred_id: own }, { project: 'alt_demo' })).toBe(401)
    expect(await logInWith({ app_cred_id: others }, { project: 'alt_demo' })).toBe(401)
    expect(await logInWith({ app_cred_id: 'nosuch' })).toBe(401)
  })

  test('is good with an access token of his own, and with no other', async () => {
    const [own, others] = [await accessOf('demo'), await accessOf('alt_demo')]
    expect(await logInWith({ access_token_id: own })).toBe(200)
    expect(await logInWith({ access_token_id: others }, { project: 'alt_demo' })).toBe(401)
  })

  test('is good with a trust that he has a part in, and with no other', async () => {
    const trust = async (trustee: 'demo' | 'nova') => {
      const parties = { trustor_user_id: cloud.userId('alt_demo'), trustee_user_id: cloud.userId(trustee) }
      const wanted = { ...parties, project_id: cloud.projectId('alt_demo'), impersonation: false, roles: [{ id: member }] }
      return (await cloud.as('alt_demo').post(`${v3}/OS-TRUST/trusts`, { trust: wanted })).body.trust.id as string
    }
    expect(await logInWith({ trust_id: await trust('demo') }, { project: 'alt_demo' })).toBe(200)
    expect(await logInWith({ trust_id: await trust('nova') }, { project: 'alt_demo' })).toBe(401)
  })
})

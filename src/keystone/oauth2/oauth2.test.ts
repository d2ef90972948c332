import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'

describe.each(databases)('tokens by OAuth 2.0 on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  let credential: { id: string; secret: string }
  const credentials = () => `${identity}/users/${cloud.userId('demo')}/application_credentials`
  beforeAll(async () => {
    const { body } = await cloud.as('demo').post(credentials(), { application_credential: { name: 'robot', secret: 'rose: bud' } })
    credential = body.application_credential
  })
  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await cloud.anonymous.request('POST', `${identity}/OS-OAUTH2/token`, {
      body: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any }
  }
  const grant = { grant_type: 'client_credentials' }
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })

  test('who knows the secret of an application credential gets one, and it opens what the credential opens, on any controller', async () => {
    for (const [form, headers] of [
      [grant, basic(credential.id, credential.secret)],
      [{ ...grant, client_id: credential.id, client_secret: credential.secret }, {}],
    ] as const) {
      const { status, headers: told, body } = await ask(form, headers)
      expect([status, told.get('cache-control')]).toEqual([200, 'no-store'])
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: expect.any(Number) })
      expect(body.expires_in).toBeGreaterThan(3500)
      expect((await cloud.withToken(body.access_token, { controller: 1 }).get(`${identity}/auth/projects`)).status).toBe(200)
      const bearer = { headers: { authorization: `Bearer ${body.access_token}` } }
      expect((await cloud.anonymous.request('GET', '/compute/v2.1/servers', bearer)).status).toBe(200)
      expect((await cloud.anonymous.request('GET', `${identity}/users`, bearer)).status).toBe(403)
    }
    expect((await cloud.anonymous.request('GET', '/compute/v2.1/servers', { headers: { authorization: 'Bearer nonsense' } })).status).toBe(
      401,
    )
  })

  test('a wrong secret, an unknown client and one that says nothing are told the same', async () => {
    for (const [form, headers] of [
      [grant, basic(credential.id, 'wrong')],
      [grant, basic('nosuch', credential.secret)],
      [grant, basic('', credential.secret)],
      [grant, { authorization: 'Basic !' }],
      [{ ...grant, client_id: 'a\u0000b', client_secret: 'x' }, {}],
      [{ ...grant, client_id: credential.id }, {}],
      [grant, {}],
    ] as const) {
      const { status, headers: told, body } = await ask(form, headers)
      expect([status, body.error]).toEqual([401, 'invalid_client'])
      expect(told.get('www-authenticate')).toMatch(/^Keystone uri=/)
    }
  })

  test('other grants are not given', async () => {
    expect((await ask({}, basic(credential.id, credential.secret))).body).toEqual({
      error: 'invalid_request',
      error_description: 'The parameter grant_type is required.',
    })
    const { status, body } = await ask({ grant_type: 'password' }, basic(credential.id, credential.secret))
    expect([status, body.error]).toEqual([400, 'unsupported_grant_type'])
    expect((await ask({ ...grant, more: 'x'.repeat(10_000) })).status).toBe(413)
    expect((await cloud.as('demo').get(`${identity}/OS-OAUTH2/token`)).status).toBe(405)
  })

  test('with its credential such a token ends', async () => {
    const { body } = await cloud.as('demo').post(credentials(), { application_credential: { name: 'short' } })
    const { id, secret } = body.application_credential
    const { access_token: token } = (await ask(grant, basic(id, secret))).body
    await cloud.as('demo').delete(`${credentials()}/${id}`)
    expect((await cloud.withToken(token, { controller: 1 }).get(`${identity}/auth/projects`)).status).toBe(401)
    expect((await ask(grant, basic(id, secret))).status).toBe(401)
  })
})

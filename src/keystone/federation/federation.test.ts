import { beforeAll, describe, expect, test } from 'vitest'
import { tokenFor } from '../../../test/helpers/test-identity.ts'
import { until } from '../../../test/helpers/until.ts'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const base = '/identity/v3/OS-FEDERATION'
const rules = [{ local: [{ user: { name: '{0}' } }], remote: [{ type: 'UserName' }, { type: 'org', not_any_of: ['Guest'] }] }]

describe.each(databases)('federation on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const messageOf = async (reply: Promise<{ status: number; body: any }>) => [(await reply).status, (await reply).body.error?.message]

  test.each([
    ['mapping', 'mappings', { rules }, { rules: [{ local: [], remote: [{ type: 'x' }] }] }, { schema_version: '1.0' }, 'mapping'],
    [
      'service_provider',
      'service_providers',
      { auth_url: 'https://there/auth', sp_url: 'https://there/saml' },
      { enabled: true, description: 'new' },
      { description: null, enabled: false, relay_state_prefix: 'ss:mem:' },
      'Service Provider',
    ],
  ])('a %s is made, shown, listed, changed and deleted', async (kind, collection, fields, change, defaults, title) => {
    const path = `${base}/${collection}/acme`
    const made = await admin().put(path, { [kind]: fields })
    const shown = { ...defaults, ...fields, id: 'acme', links: { self: `${cloud.url}${path}` } }
    expect([made.status, made.body]).toEqual([201, { [kind]: shown }])
    expect(await messageOf(admin().put(path, { [kind]: fields }))).toEqual([
      409,
      `Conflict occurred attempting to store ${kind} - Duplicate entry found with ID acme.`,
    ])
    expect((await admin().get(path)).body).toEqual({ [kind]: shown })
    expect((await admin().get(`${base}/${collection}`)).body[collection]).toEqual([shown])
    expect((await admin().get(`${base}/${collection}?id=other`)).body[collection]).toEqual([])
    expect((await admin().patch(path, { [kind]: change })).body).toEqual({ [kind]: { ...shown, ...change } })
    expect((await admin().patch(path, { [kind]: { nosuch: 1 } })).status).toBe(400)
    expect((await cloud.as('demo').get(path)).status).toBe(403)
    expect((await cloud.as('demo').delete(path)).status).toBe(403)
    expect((await admin().delete(path)).status).toBe(204)
    for (const act of [admin().get(path), admin().patch(path, { [kind]: change }), admin().delete(path)])
      expect(await messageOf(act)).toEqual([404, `Could not find ${title}: acme.`])
  })

  test('tokens name the clouds that are enabled', async () => {
    const path = `${base}/service_providers`
    const fields = { auth_url: 'https://there/auth', sp_url: 'https://there/saml' }
    await admin().put(`${path}/there`, { service_provider: { ...fields, enabled: true } })
    await admin().put(`${path}/off`, { service_provider: fields })
    const named = async () => {
      const { body } = await admin().get('/identity/v3/auth/tokens', { 'x-subject-token': await tokenFor(cloud.url)('demo') })
      return body.token.service_providers
    }
    await until(async () => (await named()) !== undefined, { what: 'tokens to name a cloud' })
    expect(await named()).toEqual([{ id: 'there', ...fields }])
    for (const id of ['there', 'off']) await admin().delete(`${path}/${id}`)
    await until(async () => (await named()) === undefined, { what: 'tokens to name none again' })
  })

  test('an identity provider has a domain, and remote ids that no other has', async () => {
    const path = `${base}/identity_providers`
    const acme = (await admin().put(`${path}/acme`, { identity_provider: { remote_ids: ['one', 'two'], enabled: true } })).body
      .identity_provider
    expect(acme).toEqual({
      ...{ id: 'acme', description: null, enabled: true, remote_ids: ['one', 'two'], authorization_ttl: null },
      domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      links: { protocols: `${cloud.url}${path}/acme/protocols`, self: `${cloud.url}${path}/acme` },
    })
    const { domain } = (await admin().get(`/identity/v3/domains/${acme.domain_id}`)).body
    expect(domain.description).toBe('Auto generated federated domain for Identity Provider: acme')
    const named = await admin().put(`${path}/named`, { identity_provider: { domain_id: 'default' } })
    expect(named.body.identity_provider.domain_id).toBe('default')
    expect((await admin().put(`${path}/lost`, { identity_provider: { domain_id: 'nosuch' } })).status).toBe(404)

    const taken = [409, 'Conflict occurred attempting to store identity_provider - Duplicate remote ID: two']
    expect(await messageOf(admin().put(`${path}/third`, { identity_provider: { remote_ids: ['two'] } }))).toEqual(taken)
    expect((await admin().get(`${path}/third`)).status).toBe(404)
    expect(await messageOf(admin().patch(`${path}/named`, { identity_provider: { remote_ids: ['three', 'two'] } }))).toEqual(taken)
    const changed = await admin().patch(`${path}/acme`, { identity_provider: { remote_ids: ['one'], description: 'new' } })
    expect(changed.body.identity_provider).toEqual({ ...acme, remote_ids: ['one'], description: 'new' })
    expect((await admin().patch(`${path}/named`, { identity_provider: { remote_ids: ['two'] } })).status).toBe(200)
    expect((await admin().patch(`${path}/acme`, { identity_provider: { domain_id: 'default' } })).status).toBe(400)
    const idsOf = async (query: string) => (await admin().get(`${path}?${query}`)).body.identity_providers.map((one: any) => one.id)
    expect([await idsOf('enabled=True'), await idsOf('enabled=false'), await idsOf('id=named')]).toEqual([['acme'], ['named'], ['named']])
  })

  describe('protocols', () => {
    const path = `${base}/identity_providers/speaker/protocols`
    beforeAll(async () => {
      await admin().put(`${base}/identity_providers/speaker`, { identity_provider: {} })
      for (const id of ['first', 'second']) await admin().put(`${base}/mappings/${id}`, { mapping: { rules } })
    })

    test('one is made, shown, listed, changed and deleted', async () => {
      const made = await admin().put(`${path}/saml2`, { protocol: { mapping_id: 'first' } })
      const links = { identity_provider: `${cloud.url}${base}/identity_providers/speaker`, self: `${cloud.url}${path}/saml2` }
      const shown = { id: 'saml2', mapping_id: 'first', remote_id_attribute: null, links }
      expect([made.status, made.body]).toEqual([201, { protocol: shown }])
      expect((await admin().put(`${path}/saml2`, { protocol: { mapping_id: 'first' } })).status).toBe(409)
      expect((await admin().get(`${path}/saml2`)).body).toEqual({ protocol: shown })
      expect((await admin().get(path)).body.protocols).toEqual([shown])
      const changed = await admin().patch(`${path}/saml2`, { protocol: { mapping_id: 'second' } })
      expect(changed.body.protocol).toEqual({ ...shown, mapping_id: 'second' })
      expect((await cloud.as('demo').get(path)).status).toBe(403)
      expect((await admin().delete(`${path}/saml2`)).status).toBe(204)
      expect(await messageOf(admin().get(`${path}/saml2`))).toEqual([
        404,
        'Could not find federated protocol saml2 for Identity Provider: speaker.',
      ])
    })

    test('it needs a mapping and a provider, and goes with that', async () => {
      expect(await messageOf(admin().put(`${path}/x`, { protocol: { mapping_id: 'nosuch' } }))).toEqual([400, 'Invalid mapping id: nosuch'])
      expect((await admin().put(`${path}/x`, { protocol: {} })).status).toBe(400)
      const lost = `${base}/identity_providers/nosuch/protocols/x`
      expect((await admin().put(lost, { protocol: { mapping_id: 'first' } })).status).toBe(404)
      const provider = `${base}/identity_providers/leaver`
      await admin().put(provider, { identity_provider: { remote_ids: ['mine'] } })
      await admin().put(`${provider}/protocols/oidc`, { protocol: { mapping_id: 'first' } })
      expect((await admin().delete(provider)).status).toBe(204)
      const again = await admin().put(provider, { identity_provider: { remote_ids: ['mine'] } })
      expect(again.status).toBe(201)
      expect((await admin().get(`${provider}/protocols`)).body.protocols).toEqual([])
    })
  })

  test('bad input is refused', async () => {
    for (const [way, body] of [
      ['mappings/x', { mapping: { rules: [] } }],
      ['mappings/x', { mapping: { rules: [{ local: [] }] } }],
      ['service_providers/x', { service_provider: { auth_url: 'https://a' } }],
      ['service_providers/x', { service_provider: { auth_url: 'a', sp_url: 'https://b' } }],
      ['identity_providers/x', { identity_provider: { enabled: 'yes' } }],
      ['identity_providers/x', {}],
    ] as const)
      expect([(await admin().put(`${base}/${way}`, body)).status, body]).toEqual([400, body])
  })
})

import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { ed25519Key, sshFingerprint } from './ssh-key.ts'

const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
const base = '/compute/v2.1/os-keypairs'
const { publicKey } = ed25519Key(Buffer.alloc(32, 7), 1)

describe.each(databases)('key pairs on %s', (database) => {
  const cloud = useCloud(database)
  const aName = () => `key ${cloud.ctx.ids.hex()}`

  test('a user imports a public key', async () => {
    const name = aName()
    const made = await cloud.as('demo').post(base, { keypair: { name, public_key: publicKey } })
    expect(made.status).toBe(200)
    expect(made.body.keypair).toEqual({
      name,
      public_key: publicKey,
      fingerprint: sshFingerprint(publicKey),
      user_id: cloud.userId('demo'),
    })
    const shown = await cloud.as('demo').get(`${base}/${encodeURIComponent(name)}`, at('2.2'))
    expect(shown.body.keypair).toMatchObject({
      name,
      type: 'ssh',
      user_id: cloud.userId('demo'),
      deleted: false,
      deleted_at: null,
      updated_at: null,
    })
    expect(shown.body.keypair.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
    const list = await cloud.as('demo').get(base, at('2.2'))
    expect(list.body.keypairs).toContainEqual({
      keypair: { name, public_key: publicKey, fingerprint: sshFingerprint(publicKey), type: 'ssh' },
    })
  })

  test('nova makes a key for those who bring none, until 2.91', async () => {
    const name = aName()
    const made = await cloud.as('demo').post(base, { keypair: { name, type: 'ssh' } }, at('2.10'))
    expect(made.status).toBe(201)
    expect(made.body.keypair.private_key).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/)
    expect(made.body.keypair.fingerprint).toBe(sshFingerprint(made.body.keypair.public_key))
    expect((await cloud.as('demo').get(`${base}/${name}`)).body.keypair.private_key).toBeUndefined()
    const refused = await cloud.as('demo').post(base, { keypair: { name: aName() } }, at('2.92'))
    expect([refused.status, refused.body.badRequest.message]).toEqual([400, expect.stringContaining("'public_key' is a required property")])
  })

  test('a key pair is deleted once', async () => {
    const name = aName()
    await cloud.as('demo').post(base, { keypair: { name, public_key: publicKey } })
    expect((await cloud.as('alt_demo').delete(`${base}/${name}`)).status).toBe(404)
    expect((await cloud.as('demo').delete(`${base}/${name}`, at('2.2'))).status).toBe(204)
    const again = await cloud.as('demo').delete(`${base}/${name}`)
    expect(again.body).toEqual({ itemNotFound: { code: 404, message: `Keypair ${name} not found for user ${cloud.userId('demo')}` } })
  })

  test.each([
    [{ name: 'x', public_key: 'ssh-rsa no-key' }, '2.1', 'Keypair data is invalid: failed to generate fingerprint'],
    [{ name: 'x/y', public_key: publicKey }, '2.1', 'Keypair data is invalid: Keypair name contains unsafe characters'],
    [{ name: 'x@y', public_key: publicKey }, '2.91', 'Keypair data is invalid: Keypair name contains unsafe characters'],
    [{ name: '', public_key: publicKey }, '2.1', "Invalid input for field/attribute name. Value: . '' is too short"],
    [{ name: 'x', type: 'pgp' }, '2.2', "Invalid input for field/attribute type. Value: pgp. 'pgp' is not one of ['ssh', 'x509']"],
    [{ name: 'x', type: 'ssh' }, '2.1', "Additional properties are not allowed ('type' was unexpected)"],
    [{ name: 'x', type: 'x509', public_key: 'no certificate' }, '2.2', 'Keypair data is invalid: failed to generate fingerprint'],
  ])('%j is refused at %s', async (keypair, version, message) => {
    const { status, body } = await cloud.as('demo').post(base, { keypair }, at(version))
    expect([status, body.badRequest.message]).toEqual([400, expect.stringContaining(message)])
  })

  test('a name with @ and . is fine since 2.92', async () => {
    const { status } = await cloud.as('demo').post(base, { keypair: { name: 'me@home.example', public_key: publicKey } }, at('2.92'))
    expect(status).toBe(201)
  })

  test('an admin looks after the key pairs of others since 2.10; nobody else does', async () => {
    const name = aName()
    const user_id = cloud.userId('alt_demo')
    expect((await cloud.as('admin').post(base, { keypair: { name, public_key: publicKey, user_id } }, at('2.10'))).status).toBe(201)
    expect((await cloud.as('alt_demo').get(`${base}/${name}`)).status).toBe(200)
    expect((await cloud.as('admin').get(`${base}/${name}?user_id=${user_id}`, at('2.10'))).status).toBe(200)
    expect((await cloud.as('admin').get(`${base}/${name}?user_id=${user_id}`)).status).toBe(404)
    const refused = await cloud.as('demo').get(`${base}?user_id=${user_id}`, at('2.10'))
    expect(refused.body).toEqual({
      forbidden: { code: 403, message: "Policy doesn't allow os_compute_api:os-keypairs:index to be performed." },
    })
  })

  test('a list has pages since 2.35', async () => {
    for (const name of ['p1', 'p2', 'p3']) await cloud.as('alt_demo').post(base, { keypair: { name, public_key: publicKey } })
    const first = await cloud.as('alt_demo').get(`${base}?limit=1&marker=p1`, at('2.35'))
    expect(first.body.keypairs.map((one: any) => one.keypair.name)).toEqual(['p2'])
    expect(first.body.keypairs_links[0].href).toContain('marker=p2')
    expect((await cloud.as('alt_demo').get(`${base}?marker=none`, at('2.35'))).body.badRequest.message).toBe('marker [none] not found')
  })

  test('a name is there once, and no more keys than the quota has, however many ask at once', async () => {
    await cloud.as('admin').put(`/compute/v2.1/os-quota-sets/${cloud.projectId('admin')}`, { quota_set: { key_pairs: 3 } })
    const sameName = await Promise.all(
      Array.from({ length: 4 }, () => cloud.as('admin').post(base, { keypair: { name: 'one', public_key: publicKey } })),
    )
    expect(sameName.map((reply) => reply.status).toSorted()).toEqual([200, 409, 409, 409])
    expect(sameName.find((reply) => reply.status === 409)!.body.conflictingRequest.message).toBe("Key pair 'one' already exists.")
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => cloud.as('admin').post(base, { keypair: { name: `n${index}`, public_key: publicKey } })),
    )
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 200, 403, 403, 403, 403, 403, 403])
    expect(replies.find((reply) => reply.status === 403)!.body).toEqual({
      forbidden: { code: 403, message: 'Quota exceeded, too many key pairs.' },
    })
    await cloud.as('admin').delete(`${base}/one`)
    expect((await cloud.as('admin').post(base, { keypair: { name: 'again', public_key: publicKey } })).status).toBe(200)
  })
})

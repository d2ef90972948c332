import { beforeEach, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const domains = '/identity/v3/domains'
const ldap = { url: 'ldap://there', user_tree_dn: 'ou=Users,dc=root' }
const invalid = (why: string) => `Invalid domain specific configuration: ${why}.`

describe.each(databases)('the configuration of domains on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  let [id, path, count] = ['', '', 0]
  beforeEach(async () => {
    id = (await admin().post(domains, { domain: { name: `domain ${++count}` } })).body.domain.id
    path = `${domains}/${id}/config`
  })
  const put = (config: object) => admin().put(path, { config })
  const messageOf = async (reply: Promise<{ status: number; body: any }>) => [(await reply).status, (await reply).body.error?.message]

  test('it is set, shown by its parts, changed and removed, and its password stays hidden', async () => {
    expect(await messageOf(admin().get(path))).toEqual([404, `Could not find any options in domain configuration for domain ${id}.`])
    const config = { ldap, identity: { driver: 'ldap' } }
    const made = await put({ ...config, ldap: { ...ldap, password: 'rosebud' } })
    expect([made.status, made.body]).toEqual([201, { config }])
    expect((await admin().get(path)).body).toEqual({ config })
    expect((await admin().get(`${path}/ldap`)).body).toEqual({ config: { ldap } })
    expect((await admin().get(`${path}/ldap/url`)).body).toEqual({ config: { url: ldap.url } })
    expect(await messageOf(admin().get(`${path}/ldap/password`))).toEqual([
      404,
      `Could not find option password in group ldap in domain configuration for domain ${id}.`,
    ])
    const [kept] = await cloud.ctx.db
      .selectFrom('keystone_domain_options')
      .select('sealed_value')
      .where('domain_id', '=', id)
      .where('option_name', '=', 'password')
      .execute()
    expect(kept!.sealed_value.toString('latin1')).not.toContain('rosebud')

    const whole = await admin().patch(path, { config: { ldap: { url: 'ldap://new' } } })
    expect([whole.status, whole.body.config.ldap]).toEqual([200, { ...ldap, url: 'ldap://new' }])
    expect((await admin().patch(`${path}/identity`, { config: { identity: { driver: 'sql' } } })).body.config.identity).toEqual({
      driver: 'sql',
    })
    expect((await admin().patch(`${path}/ldap/url`, { config: { url: 'ldap://last' } })).body.config.ldap.url).toBe('ldap://last')

    const replaced = await put({ identity: { list_limit: 10 } })
    expect([replaced.status, replaced.body.config]).toEqual([200, { identity: { list_limit: 10 } }])
    expect((await admin().delete(`${path}/identity/list_limit`)).status).toBe(204)
    expect((await admin().delete(`${path}/identity/list_limit`)).status).toBe(404)
    await put(config)
    expect((await admin().delete(`${path}/ldap`)).status).toBe(204)
    expect((await admin().get(path)).body.config).toEqual({ identity: { driver: 'ldap' } })
    for (let times = 0; times < 2; times++) expect((await admin().delete(path)).status).toBe(204)
    expect((await admin().get(path)).status).toBe(404)
  })

  test('what holds where nothing is set is shown, by its parts too', async () => {
    const { config } = (await admin().get(`${domains}/config/default`)).body
    expect(config.identity.driver).toBe('sql')
    expect((await admin().get(`${domains}/config/ldap/default`)).body).toEqual({ config: { ldap: config.ldap } })
    expect((await admin().get(`${domains}/config/ldap/url/default`)).body).toEqual({ config: { url: 'ldap://localhost' } })
    expect((await admin().get(`${domains}/config/sql/default`)).status).toBe(403)
  })

  test('what a domain can not set, and what does not fit the path, is refused', async () => {
    await put({ ldap })
    for (const [reply, why] of [
      [put({}), 'No options specified'],
      [put({ database: { connection: 'x' } }), 'Group database is not supported for domain specific configurations'],
      [put({ ldap: { nosuch: 1 } }), 'Option nosuch in group ldap is not supported for domain specific configurations'],
      [put({ ldap: 'x' }), 'The value of group ldap specified in the config should be a dictionary of options'],
      [
        admin().patch(`${path}/ldap`, { config: { identity: { driver: 'x' } } }),
        'request to update group ldap, but config provided contains group identity instead',
      ],
      [
        admin().patch(`${path}/ldap/url`, { config: { url: 'x', user: 'y' } }),
        'Trying to update option url in group ldap, so that, and only that, option must be specified in the config',
      ],
    ] as const)
      expect(await messageOf(reply)).toEqual([403, invalid(why)])
    expect((await admin().get(path)).body.config).toEqual({ ldap })
    expect((await admin().patch(`${path}/identity`, { config: { identity: { driver: 'x' } } })).status).toBe(404)
    expect((await admin().put(path, {})).status).toBe(400)
    expect((await admin().get(`${domains}/nosuch/config`)).status).toBe(404)
    expect((await admin().get(`${domains}/${cloud.projectId('demo')}/config`)).status).toBe(404)
  })

  test('only admins see or change it, and it goes with its domain', async () => {
    await put({ ldap })
    expect((await cloud.as('demo').get(path)).status).toBe(403)
    expect((await cloud.as('demo').put(path, { config: { ldap } })).status).toBe(403)
    expect((await cloud.as('demo').get(`${domains}/config/default`)).status).toBe(403)
    await admin().patch(`${domains}/${id}`, { domain: { enabled: false } })
    expect((await admin().delete(`${domains}/${id}`)).status).toBe(204)
    const left = cloud.ctx.db.selectFrom('keystone_domain_options').selectAll().where('domain_id', '=', id)
    expect(await left.execute()).toEqual([])
  })
})

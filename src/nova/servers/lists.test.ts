import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { aServer, at, isGone, latest, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'

const path = '/compute/v2.1/servers'

describe.each(databases)('lists of servers on %s', (database) => {
  const cloud = useCloud(database)
  let parts: ServerParts
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    parts = await serverParts(cloud)
    const create = async (name: string, more: object = {}, user: 'demo' | 'alt_demo' = 'demo') => {
      const { body } = await cloud.as(user).post(path, aServer(parts, { name, networks: 'none', ...more }), latest)
      ids[name] = body.server.id
    }
    // Without any host they are all in ERROR soon: lists don't mind.
    await create('web-1', { tags: ['web', 'prod'] })
    await create('web-2', { tags: ['web', 'a_b'], flavorRef: 'c1' })
    await create('db.1', { tags: ['db', 'prod'] })
    await create('100%', {})
    await create('foreign', {}, 'alt_demo')
    for (const id of Object.values(ids)) await statusIs(cloud, id, 'ERROR')
  })
  const names = async (query: string, { user = 'demo' as 'demo' | 'admin', headers = {} as Record<string, string>, kind = '' } = {}) => {
    const { status, body } = await cloud.as(user).get(`${path}${kind}${query}`, headers)
    return status === 200
      ? body.servers.map((server: any) => server.name)
      : [status, ...Object.values(body as object).map((fault: any) => fault.message)]
  }

  test('the newest come first, one project at a time', async () => {
    expect(await names('')).toEqual(['100%', 'db.1', 'web-2', 'web-1'])
    expect(await names('', { kind: '/detail' })).toEqual(['100%', 'db.1', 'web-2', 'web-1'])
    expect(await names('', { user: 'admin' })).toEqual([])
    expect(await names('?all_tenants=1', { user: 'admin' })).toEqual(['foreign', '100%', 'db.1', 'web-2', 'web-1'])
    expect(await names(`?all_tenants=1&project_id=${cloud.projectId('alt_demo')}`, { user: 'admin' })).toEqual(['foreign'])
    expect(await names(`?project_id=${cloud.projectId('alt_demo')}`)).toEqual(['100%', 'db.1', 'web-2', 'web-1'])
    expect(await names('?all_tenants=1')).toEqual([
      403,
      "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.",
    ])
    expect(await names('?all_tenants=maybe', { user: 'admin' })).toMatchObject([400, expect.any(String)])
  })

  test.each([
    ['?name=web', ['web-2', 'web-1']],
    ['?name=^web-1$', ['web-1']],
    ['?name=WEB', []],
    ['?name=.1', ['db.1', 'web-1']],
    ['?name=%5C.1', ['db.1']],
    ['?name=%25', ['100%']],
    ['?name=(', [400, expect.any(String)]],
    ['?status=ERROR', ['100%', 'db.1', 'web-2', 'web-1']],
    ['?status=error&limit=1', ['100%']],
    ['?status=ACTIVE', []],
    ['?status=ACTIVE&status=ERROR&name=db', ['db.1']],
    ['?status=nonsense', []],
    ['?status=DELETED', [403, 'Only administrators may list deleted instances']],
    ['?flavor=c1', ['web-2']],
    ['?image=nosuch', []],
    ['?changes-since=2999-01-01T00:00:00Z', []],
    ['?changes-since=yesterday', [400, expect.any(String)]],
    ['?bogus=1&name=db', ['db.1']],
    ['?limit=-1', [400, expect.stringMatching(/^Invalid input for query parameters limit\. Value: -1\. '-1' does not match/)]],
    ['?limit=0', ['100%', 'db.1', 'web-2', 'web-1']],
    ['?marker=nosuch', [400, 'marker [nosuch] not found']],
    ['?sort_key=display_name&sort_dir=asc', ['100%', 'db.1', 'web-1', 'web-2']],
    ['?sort_key=nosuch', [400, expect.any(String)]],
    ['?ip=10.', []],
    ['?host=one', ['100%', 'db.1', 'web-2', 'web-1']],
  ])('%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  test.each([
    ['?tags=web', ['web-2', 'web-1']],
    ['?tags=web,prod', ['web-1']],
    ['?tags-any=db,prod', ['db.1', 'web-1']],
    ['?not-tags=web,prod', ['100%', 'db.1', 'web-2']],
    ['?not-tags-any=web,db', ['100%']],
    ['?tags=axb', []],
    ['?status=nonsense', [400, 'Invalid status value']],
    ['?locked=true', []],
    ['?locked=false&name=db', ['db.1']],
    ['?bogus=1', [400, expect.stringMatching(/Additional properties are not allowed/)]],
    ['?vm_state=error&name=db', ['db.1']],
  ])('since 2.75 %s', async (query, expected) => {
    expect(await names(query, { headers: latest })).toEqual(expected)
  })

  test('pages follow each other by their links, whatever the order', async () => {
    for (const order of [
      '',
      '&sort_key=display_name&sort_dir=asc',
      '&sort_key=vm_state&sort_dir=asc',
      '&sort_key=created_at&sort_dir=asc',
    ]) {
      for (const kind of ['', '/detail']) {
        const seen: string[] = []
        let next: string | undefined = `${path}${kind}?limit=1${order}`
        while (next) {
          const { body }: { body: any } = await cloud.as('demo').get(next)
          seen.push(...body.servers.map((server: any) => server.name))
          next = body.servers_links?.[0].href.replace(cloud.url, '')
        }
        expect(seen).toEqual(await names(`?limit=0${order}`))
        expect(seen).toHaveLength(4)
      }
    }
  })

  test('deleted servers are there for administrators, and for those who ask what changed', async () => {
    const before = cloud.ctx.clock.now().toISOString()
    await cloud.as('demo').delete(`${path}/${ids['db.1']}`)
    await isGone(cloud, ids['db.1']!)
    expect(await names('?name=db')).toEqual([])
    expect(await names('?all_tenants=1&deleted=true', { user: 'admin' })).toEqual(['db.1'])
    expect(await names('?all_tenants=1&status=deleted', { user: 'admin' })).toEqual(['db.1'])
    const { body } = await cloud.as('demo').get(`${path}/detail?changes-since=${before}`, at('2.66'))
    expect(body.servers).toMatchObject([{ name: 'db.1', status: 'DELETED', 'OS-SRV-USG:terminated_at': expect.any(String) }])
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { databases, type TestCloud, useCloud } from '../../test/helpers/a-cloud.ts'
import { type ComputeHosts, computeHosts } from '../../test/helpers/compute-hosts.ts'
import { quietLog } from '../../test/helpers/quiet-log.ts'
import { aServer, type ServerParts, serverIn, serverParts } from '../../test/helpers/servers.ts'
import { withAdmin, withDatabase } from '../../test/helpers/template-database.ts'
import { type DatabaseName, newDatabase } from '../../test/helpers/test-databases.ts'
import type { Database } from '../kernel/sql/database.ts'
import { backUp, type Summary } from './backup.ts'
import { restore } from './restore.ts'

const secret = 'a secret that only tests may know, of 32 and more'
const folder = mkdtempSync(join(tmpdir(), 'skykeel-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const newPath = () => join(folder, `${++count}`)

const backUpTo = (out: string, { url, imageFolder }: { url: string; imageFolder?: string | undefined }): Promise<Summary> =>
  backUp({ databaseUrl: url, log: quietLog, out, imageFolder, secrets: { cloudSecret: secret }, passphrase: undefined, program: 'test' })

const emptyDatabase = async (name: DatabaseName) => {
  const { url, drop } = await newDatabase(name)
  onTestFinished(drop)
  return url
}

const restoreInto = (url: string, archive: string, { imageFolder = undefined as string | undefined, force = false } = {}) =>
  restore({ archive, databaseUrl: url, log: quietLog, imageFolder, force })

/** The sums of all tables but those that a restore means to change. */
const content = ({ tables }: Summary) => tables.filter(({ table }) => table !== 'kernel_sagas')

/** What must be true of a cloud at every moment. */
async function contradictions({ db }: Database): Promise<string[]> {
  const all = db as any
  const servers = await all.selectFrom('nova_servers').selectAll().where('deleted', '=', false).execute()
  const allocations = await all.selectFrom('placement_allocations').selectAll().execute()
  const inventories = await all.selectFrom('placement_inventories').selectAll().execute()
  const usages = await all.selectFrom('nova_quota_usages').selectAll().execute()
  const living = new Set(servers.map((server: any) => server.id))
  const used = new Map<string, number>()
  for (const { provider_id: provider, resource_class: resource, used: amount } of allocations)
    used.set(`${provider}/${resource}`, (used.get(`${provider}/${resource}`) ?? 0) + amount)
  return [
    ...allocations.filter((row: any) => !living.has(row.consumer_id)).map((row: any) => `an allocation of nobody: ${row.consumer_id}`),
    ...servers
      .filter((row: any) => row.vm_state === 'active' && !allocations.some(({ consumer_id: id }: any) => id === row.id))
      .map((row: any) => `a server without an allocation: ${row.id}`),
    ...inventories
      .filter((row: any) => row.used !== (used.get(`${row.provider_id}/${row.resource_class}`) ?? 0))
      .map((row: any) => `an inventory that counts wrong: ${row.resource_class}`),
    ...usages
      .filter((row: any) => row.instances !== servers.filter((server: any) => server.project_id === row.owner).length)
      .map((row: any) => `a quota that counts wrong: ${row.owner}`),
  ]
}

describe.each(databases)('a backup of a cloud on %s', (source) => {
  const cloud: TestCloud = useCloud(source)
  let hosts: ComputeHosts
  let parts: ServerParts
  let url: string
  beforeAll(async () => {
    hosts = await computeHosts(cloud)
    parts = await serverParts(cloud)
    const { rows } = await sql<{
      name: string
    }>`select ${source === 'postgres' ? sql`current_database()` : sql`database()`} as name`.execute(cloud.ctx.db)
    url = withDatabase(inject('databaseServers')[source]!, rows[0]!.name)
  })
  afterAll(() => hosts.stop())

  test.each(databases)('is restored on %s as it was, with its images', async (target) => {
    const server = await serverIn(cloud, parts, { more: { name: 'Grüße \u{1F6F6}', user_data: 'AAAA' } })
    const [archive, imageFolder] = [newPath(), newPath()]
    const taken = await backUpTo(archive, { url, imageFolder: cloud.imageFolder })
    expect(statSync(archive).mode & 0o777).toBe(0o600)
    expect(taken.tables.length).toBeGreaterThan(45)
    const into = await emptyDatabase(target)
    await restoreInto(into, archive, { imageFolder })
    expect(content(await backUpTo(newPath(), { url: into, imageFolder }))).toEqual(content(taken))
    expect(readdirSync(imageFolder)).toEqual(readdirSync(cloud.imageFolder))
    for (const file of readdirSync(imageFolder))
      expect(readFileSync(join(imageFolder, file)).equals(readFileSync(join(cloud.imageFolder, file)))).toBe(true)
    await withAdmin(into, async (restored) => {
      expect(await contradictions(restored)).toEqual([])
      expect(await (restored.db as any).selectFrom('nova_servers').select('name').where('id', '=', server).executeTakeFirst()).toEqual({
        name: 'Grüße \u{1F6F6}',
      })
      // What the database counts up goes on where it was.
      const row = { user_id: 'u', name: 'new', type: 'ssh', fingerprint: 'f', public_key: 'k', created_at: new Date() }
      await (restored.db as any).insertInto('nova_keypairs').values(row).execute()
    })
  })

  test('is of one moment, whatever is written meanwhile', async () => {
    const writing = new AbortController()
    const ids: string[] = []
    const writers = [1, 2].map(async () => {
      while (!writing.signal.aborted) {
        const made = await cloud.as('demo').post('/compute/v2.1/servers', aServer(parts))
        if (made.status === 202) ids.push(made.body.server.id)
        const oldest = ids.length > 4 ? ids.shift() : undefined
        if (oldest) await cloud.as('demo').delete(`/compute/v2.1/servers/${oldest}`)
      }
    })
    try {
      for (let round = 0; round < 3; round++) {
        const into = await emptyDatabase('postgres')
        const archive = newPath()
        await backUpTo(archive, { url })
        await restoreInto(into, archive)
        expect(await withAdmin(into, contradictions)).toEqual([])
      }
    } finally {
      writing.abort()
      await Promise.all(writers)
    }
    expect(ids.length).toBeGreaterThan(2)
  })
})

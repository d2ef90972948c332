import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { freePort } from '../../test/helpers/free-port.ts'
import { has } from '../../test/helpers/parts.ts'
import { quietLog } from '../../test/helpers/quiet-log.ts'
import { startRabbit } from '../../test/helpers/rabbitmq.ts'
import { withAdmin } from '../../test/helpers/template-database.ts'
import { databases, newDatabase } from '../../test/helpers/test-databases.ts'
import type { Config } from '../config/settings.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { systemClock } from '../kernel/clock.ts'
import { allChecks } from './all-checks.ts'
import type { Patient } from './check.ts'
import { judgeExpiry } from './cloud.ts'
import { databaseChecks } from './database.ts'
import { examine, type Result } from './examine.ts'
import type { Facts } from './facts.ts'
import { patientOf } from './patient.ts'

const root = mkdtempSync(join(tmpdir(), 'skykeel-doctor-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const patientWith = (config: Partial<Config>, about: Partial<Pick<Patient, 'certificates' | 'peers'>> = {}): Patient =>
  patientOf(
    { config: { host: '127.0.0.1', ...config } as Config, dir: stateDirAt(root), log: quietLog },
    { certificates: [], peers: [], frontUrl: undefined, ...about },
  )
const resultsOf = async (patient: Patient) => new Map((await examine(patient, allChecks)).map((result) => [result.id, result]))
const problems = (result: Result | undefined) => result?.findings.map(({ severity, problem }) => `${severity}: ${problem}`)

describe('the doctor', () => {
  test('looks at the machine where nothing runs, and finds no error', async () => {
    const results = [...(await resultsOf(patientWith({}))).values()]
    expect(results.length).toBe(allChecks.length)
    expect(results.filter(({ state }) => state === 'error')).toEqual([])
    expect(results.find(({ id }) => id === 'database-hosts')!.state).toBe('skipped')
  })

  test('says which hosts do not answer, without the password', async () => {
    const port = await freePort()
    const url = `postgresql://me:hidden@127.0.0.1:${port},127.0.0.1:${port}/skykeel`
    const results = await resultsOf(
      patientWith({ database: url, messaging: `amqp://me:hidden@127.0.0.1:${port}` }, { peers: [`127.0.0.1:${port}`] }),
    )
    expect(problems(results.get('database-hosts'))).toEqual([
      expect.stringContaining(`error: The database host 127.0.0.1:${port} does not answer`),
      expect.anything(),
    ])
    expect(problems(results.get('queue-hosts'))).toEqual([expect.stringContaining(`error: The queue host 127.0.0.1:${port} can't be used`)])
    expect(problems(results.get('controllers'))).toEqual([expect.stringContaining('does not answer')])
    expect(results.get('migrations')!.state).toBe('skipped')
    expect(JSON.stringify([...results.values()])).not.toContain('hidden')
  })

  test('says why images have no place, without the secret', async () => {
    const shut = join(root, 'a file')
    writeFileSync(shut, '')
    const port = await freePort()
    const looks = { imageBucket: `s3+http://me:hidden@127.0.0.1:${port}/images`, imageFolder: join(shut, 'images') }
    for (const [name, place] of Object.entries(looks)) {
      const result = (await resultsOf(patientWith({ [name]: place }))).get('images')
      expect(problems(result)).toEqual([expect.stringMatching(/^error: \S+ can't be used for images: .*(ECONNREFUSED|ENOTDIR)/)])
      expect(JSON.stringify(result)).not.toContain('hidden')
    }
    expect((await resultsOf(patientWith({ imageFolder: root }))).get('images')!.state).toBe('ok')
  })

  test('does not wait for hosts that take connections and say nothing', async () => {
    const server: Server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const at = `127.0.0.1:${(server.address() as { port: number }).port}`
    const started = performance.now()
    for (const database of [`postgresql://me:x@${at}/db`, `mysql://me:x@${at}/db`]) {
      const results = await resultsOf(patientWith({ database, messaging: `amqp://me:x@${at}` }, { peers: [at] }))
      for (const id of ['database-hosts', 'queue-hosts', 'controllers']) expect(results.get(id)!.state, id).toBe('error')
    }
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  test('gives up a check that does not end, and goes on after one that fails', async () => {
    const checks = [
      { id: 'a', about: 'what never ends', limitMs: 50, run: () => new Promise<never>(() => {}) },
      { id: 'b', about: 'what breaks', run: () => Promise.reject(new Error('broken')) },
    ]
    expect((await examine(patientWith({}), checks)).map(problems)).toEqual([
      ['warning: The look at what never ends took longer than 0.05 s'],
      ['warning: The look at what breaks failed: broken'],
    ])
  })

  test('warns before certificates expire', () => {
    const now = new Date('2026-01-31T00:00:00Z')
    const inDays = (days: number) => judgeExpiry('front', new Date(now.getTime() + days * 86_400_000), now).map(({ severity }) => severity)
    expect([31, 29, 6, -1].map(inDays)).toEqual([[], ['warning'], ['error'], ['error']])
  })
})

describe.each(databases)('the doctor on %s', (name) => {
  test('finds a sound cloud sound, and work that is stuck', async () => {
    const { url, drop } = await newDatabase(name)
    onTestFinished(drop)
    const sound = await resultsOf(patientWith({ database: url }))
    const asked = ['database-hosts', 'database-version', 'database-writable', 'clock-skew', 'transactions', 'connections', 'migrations']
    for (const id of [...asked, 'overdue-work', 'waiting-work', 'hosts']) expect(sound.get(id)!, id).toMatchObject({ state: 'ok' })
    // The servers of the tests are set up to be fast, not safe.
    const unsafe = name === 'postgres' ? 'fsync is off' : 'innodb_flush_log_at_trx_commit is 0'
    expect(problems(sound.get('settings'))).toEqual([expect.stringContaining(`error: ${unsafe}`)])

    const past = new Date('2026-01-31T00:00:00Z')
    await withAdmin(url, async ({ db }) => {
      const any = db as Kysely<any>
      await any
        .insertInto('kernel_sagas')
        .values({
          ...{
            id: '1',
            kind: 'nova.server.build',
            subject: 's',
            active_subject: 's',
            state: 'running',
            step: 0,
            role: 'nova-conductor',
            input_json: '{}',
          },
          ...{
            results_json: '{}',
            unwind_to: -1,
            revision: 1,
            fence: 1,
            attempts: 0,
            request_id: 'r',
            due_at: past,
            deadline_at: past,
            created_at: past,
          },
        })
        .execute()
      const service = { program: 'nova-compute', seen_at: past, forced_down: false, created_at: past }
      await any
        .insertInto('nova_services')
        .values([
          { id: 'a', host: 'compute1', disabled: false, ...service },
          { id: 'b', host: 'compute2', disabled: true, ...service },
        ])
        .execute()
      await any.deleteFrom('kernel_migrations').where('name', '=', '0008-nova-servers').execute()
      await any.insertInto('kernel_migrations').values({ name: '0999-future', applied_at: past }).execute()
      if (name === 'postgres') await any.insertInto('kernel_messages').values({ id: 'm', mailbox: 'dead.reports', body: '{}' }).execute()
    })
    const sick = await resultsOf(patientWith({ database: url }))
    expect(problems(sick.get('overdue-work'))).toEqual(['error: Work is past its deadline and does not end: nova.server.build of s'])
    expect(problems(sick.get('waiting-work'))).toEqual(['error: Work for nova-conductor waits since more than 30 s'])
    expect(problems(sick.get('hosts'))).toEqual(['warning: Hosts are down: compute1'])
    expect(problems(sick.get('migrations'))).toEqual([
      'error: The schema lacks 0008-nova-servers',
      'warning: The schema is newer than this release: 0999-future',
    ])
    if (name === 'postgres') expect(problems(sick.get('dead-letters'))).toEqual(['warning: 1 messages lie in dead.reports'])
  })

  test('names a database that is none of a cloud', async () => {
    const results = await resultsOf(patientWith({ database: inject('databaseServers')[name]! }))
    expect(results.get('migrations')!.state).toBe('error')
    for (const id of ['overdue-work', 'waiting-work', 'hosts']) expect(results.get(id)!.state, id).toBe('skipped')
  })
})

describe('what the hosts of a database tell', () => {
  const facts = (more: Partial<Facts>): Facts => ({
    ...{
      family: 'postgres',
      version: '17.2',
      writable: false,
      aheadMs: 0,
      connections: 1,
      maxConnections: 100,
      oldestTransactionSeconds: 0,
      status: {},
    },
    ...more,
  })
  const judged = async (...all: Partial<Facts>[]) => {
    const hosts = all.map((one, index) => ({ host: `db${index + 1}`, facts: facts(one) }))
    const results = await examine({ ...patientWith({}), clock: systemClock, database: async () => hosts }, databaseChecks)
    return results.flatMap((result) => problems(result)!)
  }
  const primary = { writable: true, status: { sync_standbys: '1', synchronous_commit: 'on', fsync: 'on' } }
  const member = (more: Record<string, string> = {}): Partial<Facts> => ({
    ...{ family: 'mysql', version: '10.11.14-MariaDB', writable: true },
    status: {
      ...{
        wsrep_on: 'ON',
        wsrep_ready: 'ON',
        wsrep_cluster_status: 'Primary',
        wsrep_local_state_comment: 'Synced',
        wsrep_cluster_size: '3',
      },
      ...{ innodb_flush_log_at_trx_commit: '1', innodb_autoinc_lock_mode: '2', binlog_format: 'ROW', ...more },
    },
  })

  test('is in order', async () => {
    expect(await judged(primary, {}, {})).toEqual([])
    expect(await judged(member(), member(), member())).toEqual([])
  })

  test.each([
    ['no primary', [{}, {}], ['error: No host of the database takes writes']],
    ['two primaries', [primary, primary], ['error: db1 and db2 both take writes: two primaries']],
    [
      'no synchronous standby',
      [{ ...primary, status: { sync_standbys: '0', synchronous_commit: 'on' } }, {}],
      ['error: No standby of db1 is synchronous: its death loses what was confirmed'],
    ],
    [
      'commits that do not wait',
      [{ ...primary, status: { sync_standbys: '1', synchronous_commit: 'local' } }, {}],
      ['error: synchronous_commit is local on db1'],
    ],
    ['a clock ahead', [{ ...primary, aheadMs: 40_000 }], ["error: The clock of db1 is 40.0 s ahead of this machine's"]],
    ['a clock behind', [{ ...primary, aheadMs: -5_000 }], ["warning: The clock of db1 is 5.0 s behind this machine's"]],
    ['few connections left', [{ ...primary, connections: 90 }], ['warning: 90 of 100 connections of db1 are in use']],
    ['an old transaction', [{ ...primary, oldestTransactionSeconds: 1200 }], ['warning: A transaction on db1 is 20 minutes old']],
    ['an old version', [{ ...primary, version: '12.4' }], ['warning: db1 is PostgreSQL 12.4']],
    [
      'a member that is cut off',
      [member(), member({ wsrep_ready: 'OFF', wsrep_cluster_status: 'non-Primary', wsrep_local_state_comment: 'Initialized' }), member()],
      ['error: db2 is Initialized in a cluster that is non-Primary'],
    ],
    [
      'an even cluster',
      [member({ wsrep_cluster_size: '2' }), member({ wsrep_cluster_size: '2' })],
      [expect.stringContaining('warning: The cluster has 2 members, an even number')],
    ],
    [
      'two clusters',
      [member(), member({ wsrep_cluster_size: '1' }), member()],
      [expect.stringContaining('error: The members do not agree how many they are')],
    ],
    [
      'commits that are not flushed',
      [member({ innodb_flush_log_at_trx_commit: '0' }), member(), member()],
      [expect.stringContaining('error: innodb_flush_log_at_trx_commit is 0 on db1')],
    ],
  ] as [string, Partial<Facts>[], unknown[]][])('is not: %s', async (_, hosts, expected) => {
    expect(await judged(...hosts)).toEqual(expected.map((one) => (typeof one === 'string' ? expect.stringContaining(one) : one)))
  })
})

test.runIf(has('rabbitmq'))('a sound RabbitMQ is found sound', { timeout: 120_000 }, async () => {
  const rabbit = await startRabbit()
  onTestFinished(() => rabbit.stop())
  const results = await resultsOf(patientWith({ messaging: rabbit.url }))
  for (const id of ['queue-hosts', 'queue-alarms', 'queue-members']) expect(results.get(id), id).toMatchObject({ state: 'ok' })
  rabbit.freeze()
  expect((await resultsOf(patientWith({ messaging: rabbit.url }))).get('queue-hosts')!.state).toBe('error')
  rabbit.thaw()
})

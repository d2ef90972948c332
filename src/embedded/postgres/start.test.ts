import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../../test/helpers/free-port.ts'
import { StartupError } from '../../config/startup-error.ts'
import { isAlive, serverProcesses } from './processes.ts'
import { type Postgres, type PostgresOptions, startPostgres } from './start.ts'

const cacheDir = join(import.meta.dirname, '../../../node_modules/.cache/skykeel')
let home = ''
let started: Postgres[] = []

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'skykeel-start-'))
})
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()))
  started = []
  rmSync(home, { recursive: true, force: true })
})

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const defaults = { dataDir: join(home, 'postgres'), port: await freePort(), logPath: join(home, 'log'), durable: false, cacheDir }
  const server = await startPostgres({ ...defaults, ...options })
  started.push(server)
  return server
}

async function query(server: Postgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url, query_timeout: 5000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const refusal = async (work: Promise<unknown>): Promise<StartupError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StartupError)
  return error as StartupError
}

test('a fresh directory becomes a database within a second once there is a template', async () => {
  await (await start({ dataDir: join(home, 'first') })).stop()
  const began = performance.now()
  const server = await start()
  expect(performance.now() - began).toBeLessThan(5000) // a second on a quiet machine
  expect(await query(server, 'show jit')).toEqual([{ jit: 'off' }])
})

test('an installation that was copied by somebody else is as good as one that was made here', async () => {
  await (await start()).stop()
  const copied = join(home, 'cache')
  cpSync(cacheDir, copied, { recursive: true })
  const server = await start({ dataDir: join(home, 'second'), cacheDir: copied, durable: true })
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what was written is there after a stop and a start', async () => {
  const first = await start()
  await query(first, 'create table kept (id int)')
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const second = await start()
  expect(await query(second, 'select * from kept')).toEqual([])
  expect(second.adopted).toBe(false)
})

test('a server that still runs is adopted with its port, and can be stopped', async () => {
  const first = await start()
  const second = await start()
  expect(second).toMatchObject({ pid: first.pid, port: first.port, url: first.url, adopted: true })
  await second.stop()
  await first.exited
  expect(await serverProcesses(join(home, 'postgres'))).toEqual([])
})

test('a server with other settings is replaced', async () => {
  const first = await start()
  const second = await start({ settings: { work_mem: '5MB' } })
  expect(second.pid).not.toBe(first.pid)
  expect(await query(second, 'show work_mem')).toEqual([{ work_mem: '5MB' }])
})

test('after kill -9 of everything, with its locks left behind, it starts again', async () => {
  const first = await start()
  await query(first, 'create table kept (id int)')
  for (const { pid } of await serverProcesses(join(home, 'postgres'))) process.kill(pid, 'SIGKILL')
  await first.exited
  const second = await start()
  expect(await query(second, 'select * from kept')).toEqual([])
})

test('a frozen server is replaced, not adopted', async () => {
  const first = await start()
  process.kill(first.pid, 'SIGSTOP')
  const second = await start()
  expect(second.adopted).toBe(false)
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('without the password nobody gets in, over the socket neither', async () => {
  const server = await start()
  for (const host of ['127.0.0.1', server.socketDir]) {
    const client = new pg.Client({ host, port: server.port, user: 'skykeel', database: 'skykeel', password: 'guess' })
    await expect(client.connect()).rejects.toThrow(/password authentication failed/)
  }
  expect(statSync(join(server.socketDir, 'skykeel.password')).mode & 0o077).toBe(0)
})

test('without a port it listens on its socket alone', async () => {
  const server = await startPostgres({ dataDir: join(home, 'postgres'), logPath: join(home, 'log'), durable: false, cacheDir })
  started.push(server)
  expect(await query(server, "select inet_server_addr() as address, current_setting('listen_addresses') as listen")).toEqual([
    { address: null, listen: '' },
  ])
})

test('a taken port is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { message, hint } = await refusal(start({ port }))
  other.close()
  expect(message).toContain(`Port ${port} of 127.0.0.1 is taken`)
  expect(hint).toContain('another port')
})

test("another version's directory and a foreign directory are refused", async () => {
  const server = await start()
  await server.stop()
  const version = join(home, 'postgres', 'PG_VERSION')
  const was = readFileSync(version)
  writeFileSync(version, '12\n')
  expect((await refusal(start())).message).toContain('was made by PostgreSQL 12; this is 18')
  writeFileSync(version, was)
  expect((await refusal(start({ dataDir: dirname(import.meta.dirname) }))).message).toContain('is not a PostgreSQL data directory')
})

test('a full disk, a forbidden directory and a file in the way are explained', async () => {
  const { explain } = await import('./troubles.ts')
  const where = { dataDir: '/some/place', port: 1 }
  expect(explain(new Error('cp failed: No space left on device'), where).message).toBe('The disk that holds /some/place is full')
  expect(explain(Object.assign(new Error('mkdir'), { code: 'EACCES' }), where).message).toBe('PostgreSQL may not use /some/place')
  writeFileSync(join(home, 'file'), '')
  expect((await refusal(start({ dataDir: join(home, 'file', 'postgres') }))).message).toContain('a file is in its way')
})

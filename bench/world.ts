import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareDatabase } from '../src/embedded/prepare.ts'
import { freePort } from '../test/helpers/free-port.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../test/helpers/private-postgres.ts'
import { until } from '../test/helpers/until.ts'

export const password = 'bench'
const secret = 'a secret that only benches may know, of 32 and more'
const main = join(import.meta.dirname, '../src/cli/main.ts')

/** One controller and one agent as processes, on a PostgreSQL of their own: what there is without a balancer before it. */
export interface World {
  readonly url: string
  readonly controllerPid: number
  readonly postgres: PrivatePostgres
  close(): Promise<void>
}

/** Starts it, with these settings besides; resolves when the controller answers. */
export async function openWorld(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'skykeel-bench-'))
  const imageFolder = join(home, 'images')
  const postgres = await startPrivatePostgres({ shared_buffers: '256MB', max_connections: '100' })
  const shared = { region: 'RegionOne', images: imageFolder, secret, logLevel: 'error' }
  await prepareDatabase({ ...shared, password, databaseUrl: postgres.url, messagingUrl: postgres.url })
  const port = await freePort()
  const env = {
    ...process.env,
    SKYKEEL_DATABASE: postgres.url,
    SKYKEEL_MESSAGING: postgres.url,
    SKYKEEL_SECRET: secret,
    SKYKEEL_IMAGE_FOLDER: imageFolder,
    SKYKEEL_PORT: String(port),
    // Room for every server that a bench makes.
    SKYKEEL_HOSTS: '20',
    SKYKEEL_LOG_LEVEL: 'error',
    SKYKEEL_STATE_DIR: home,
    ...settings,
  }
  const children = ['controller', 'nova-compute'].map((role) =>
    spawn(process.execPath, [main, 'serve', role], { env, stdio: ['ignore', 'inherit', 'inherit'] }),
  )
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    await Promise.all(children.map(end))
    await postgres.stop()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    await until(async () => (await fetch(`${url}/healthcheck`)).ok, { what: 'the controller to answer', timeoutMs: 60_000 })
  } catch (error) {
    await close()
    throw error
  }
  return { url, controllerPid: children[0]!.pid!, postgres, close }
}

/** Ends a child and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

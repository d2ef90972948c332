import { mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Account, chooseAccount } from './account.ts'
import { adoptServer } from './adopt.ts'
import { checkCluster, createCluster, templateIn, writableDirectory } from './cluster.ts'
import { type Installation, usableInstallation } from './installation.ts'
import { launch } from './launch.ts'
import { urlOf } from './location.ts'
import { ensurePassword, readPassword } from './password.ts'
import { removeStaleLocks } from './pid-file.ts'
import { clusterName, killServer } from './processes.ts'
import { type Ended, stopServer } from './server.ts'
import { type Settings, serverArguments } from './settings.ts'
import { explain } from './troubles.ts'

export interface PostgresOptions {
  /** Made when it does not exist; its parent too. */
  readonly dataDir: string
  /** On 127.0.0.1. Without one the server is reached only by its socket, which can't clash with anything. An adopted server keeps its own. */
  readonly port?: number
  /** Where the server's own log is appended. */
  readonly logPath: string
  /** False gives up safety against a loss of power (not against kill -9) for speed. Default true. */
  readonly durable?: boolean
  readonly settings?: Settings
  /** Where templates and copies of programs are kept, by preference; the parent of `dataDir` stands in. */
  readonly cacheDir?: string
}

/** A server that takes connections. */
export interface Postgres {
  readonly pid: number
  readonly port: number
  /** With the password; over the socket where its path is short enough for one. */
  readonly url: string
  readonly socketDir: string
  /** Whether it ran already. */
  readonly adopted: boolean
  /** Resolves when the server has ended, however it did. */
  readonly exited: Promise<Ended>
  /** Ends it and waits: its clients are cut off, nothing that was committed is lost. After `timeoutMs` (10 s) it is killed. */
  stop(options?: { timeoutMs?: number }): Promise<void>
}

/**
 * Starts the embedded PostgreSQL, making the cluster first if need be, or adopts the server that still runs in `dataDir` from before.
 * Resolves when it takes connections; rejects with a StartupError that says what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  try {
    return await start(options)
  } catch (error) {
    throw explain(error, { dataDir: options.dataDir, port: options.port ?? socketPort })
  }
}

/** Makes ahead what the first start of all would make: the template of fresh clusters, in this directory. */
export async function makeTemplate(cacheDir: string): Promise<void> {
  const account = await chooseAccount(cacheDir)
  await mkdir(cacheDir, { recursive: true })
  await templateIn(cacheDir, account, await usableInstallation(account, [cacheDir]))
}

// Names the socket's file; no TCP port is behind it.
const socketPort = 5432

async function start({ dataDir, logPath, durable = true, settings = {}, cacheDir, ...wanted }: PostgresOptions): Promise<Postgres> {
  const { port = socketPort } = wanted
  const listen: Settings = wanted.port === undefined ? { listen_addresses: '' } : {}
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o755 })
  const parent = dirname(dataDir)
  const argumentsFor = (name: string) => serverArguments({ port, clusterName: name, durable, settings: { ...listen, ...settings } })

  const existing = await stat(dataDir).catch(() => undefined)
  const password = existing && (await readPassword(dataDir))
  if (password) {
    const found = await adoptServer(dataDir, { password, wanted: argumentsFor(clusterName(dataDir)) })
    if (found) return handle(dataDir, { ...found, password, adopted: true })
  }

  const account = await chooseAccount(dataDir)
  const installation = await usableInstallation(account, [...(cacheDir ? [cacheDir] : []), parent, join(tmpdir(), 'skykeel')])
  const freshPassword = await prepare(account, installation, {
    dataDir,
    existing: existing !== undefined,
    durable,
    caches: [...(cacheDir ? [cacheDir] : []), parent],
  })
  const server = await launch(account, installation, { dataDir, logPath, settings: argumentsFor(clusterName(dataDir)) })
  return handle(dataDir, { ...server, port, password: freshPassword, adopted: false })
}

async function prepare(
  account: Account,
  installation: Installation,
  { dataDir, existing, durable, caches }: { dataDir: string; existing: boolean; durable: boolean; caches: readonly string[] },
): Promise<string> {
  if (existing) {
    await checkCluster(dataDir, installation)
    await killServer(dataDir)
    await removeStaleLocks(dataDir)
  } else {
    await createCluster(account, installation, { dataDir, cacheDir: await writableDirectory(caches), durable })
  }
  return ensurePassword(account, installation, { dataDir })
}

function handle(
  dataDir: string,
  { pid, port, password, adopted, exited }: { pid: number; port: number; password: string; adopted: boolean; exited: Promise<Ended> },
): Postgres {
  return {
    pid,
    port,
    url: urlOf({ dataDir, port, password }),
    socketDir: dataDir,
    adopted,
    exited,
    stop: async ({ timeoutMs = 10_000 } = {}) => stopServer(dataDir, { exited, timeoutMs }),
  }
}

import { systemClock } from '../../kernel/clock.ts'
import { urlOf } from './location.ts'
import { readPidFile } from './pid-file.ts'
import { type Process, isPostmaster, serverProcesses, stillLives } from './processes.ts'
import type { Ended } from './server.ts'
import { eventually } from '../../kernel/eventually.ts'

/**
 * Finds the server that runs in `dataDir` since before this process, if it answers and was started with the `wanted` settings (the port may
 * differ). Undefined means: there is none that is worth keeping.
 */
export async function adoptServer(
  dataDir: string,
  { password, wanted }: { password: string; wanted: readonly string[] },
): Promise<{ pid: number; port: number; exited: Promise<Ended> } | undefined> {
  const postmaster = (await serverProcesses(dataDir)).find(isPostmaster)
  if (!postmaster || !wanted.filter((part) => !part.startsWith('port=')).every((part) => postmaster.commandLine.includes(` ${part} `)))
    return undefined
  const file = await eventually(
    { clock: systemClock },
    async () => {
      const found = await readPidFile(dataDir)
      return !stillLives(postmaster) || found?.state === 'ready' ? (found ?? { pid: 0, port: 0 }) : undefined
    },
    { timeoutMs: 10_000 },
  )
  if (file?.pid !== postmaster.pid || !(await answers(urlOf({ dataDir, port: file.port, password })))) return undefined
  return { pid: file.pid, port: file.port, exited: endOf(postmaster) }
}

async function answers(url: string): Promise<boolean> {
  // Loaded here, because a supervisor that starts its own server never needs it.
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    void client.end().catch(() => {})
  }
}

// Only a parent is told of an end; anybody else has to look.
async function endOf(postmaster: Process): Promise<Ended> {
  await eventually({ clock: systemClock }, () => !stillLives(postmaster), { timeoutMs: Infinity, everyMs: 100 })
  return { code: null, signal: null }
}

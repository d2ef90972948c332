import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { processByPid } from './processes.ts'

/** What a running server says of itself in its data directory. */
export interface PidFile {
  readonly pid: number
  readonly port: number
  readonly state: 'starting' | 'ready' | 'stopping' | 'unknown'
}

const fileName = 'postmaster.pid'

/** Reads postmaster.pid. Undefined when there is none, or when it is not yet whole: the server writes it line by line. */
export async function readPidFile(dataDir: string): Promise<PidFile | undefined> {
  const text = await readFile(join(dataDir, fileName), 'utf8').catch(() => '')
  // pid, data directory, start time, port, socket directory, address, shared memory, state
  const lines = text.split('\n').map((line) => line.trim())
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  const state = lines[7]
  if (!pid || !port) return undefined
  return { pid, port, state: state === 'starting' || state === 'ready' || state === 'stopping' ? state : 'unknown' }
}

/**
 * Removes the locks of a server that is gone, where PostgreSQL itself would take it for alive: it asks only whether the number is in use, and
 * so is fooled by a zombie and by another program that got the number. Call it only when no process of the server is left.
 */
export async function removeStaleLocks(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name !== fileName && !/^\.s\.PGSQL\.\d+\.lock$/.test(name)) continue
    const path = join(dataDir, name)
    const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''))
    if (processByPid(pid)?.commandLine.includes('postgres')) continue // A server that we did not start: PostgreSQL will refuse, rightly.
    await rm(path, { force: true })
  }
}

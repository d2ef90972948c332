import { systemClock } from '../../kernel/clock.ts'
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import type { Account } from './account.ts'
import { here } from './cluster.ts'
import { environment } from './command.ts'
import type { Installation } from './installation.ts'
import { readPidFile } from './pid-file.ts'
import type { Ended } from './server.ts'
import { eventually } from '../../kernel/eventually.ts'

// Recovery after a crash replays at most max_wal_size, which takes seconds even on a slow disk.
const startTimeoutMs = 120_000

/** Starts the server and waits until it takes connections. Rejects with what it said when it ends before. */
export async function launch(
  account: Account,
  { postgres }: Installation,
  { dataDir, logPath, settings }: { dataDir: string; logPath: string; settings: readonly string[] },
): Promise<{ pid: number; exited: Promise<Ended> }> {
  const log = openSync(logPath, 'a', 0o600)
  const saidBefore = statSync(logPath).size
  const [program = '', ...args] = [...account.before, postgres, ...here, ...settings]
  // Detached: a Ctrl-C at the terminal goes to the whole process group, and the database must stop last.
  const child = spawn(program, args, { cwd: dataDir, ...account.as, env: environment, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)

  let ended: Ended | Error | undefined
  const exited = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve((ended = { code, signal })))
    child.once('error', (error) => {
      ended = error
      resolve({ code: null, signal: null })
    })
  })
  const ready = async () => {
    if (ended) return 'ended' as const
    const file = await readPidFile(dataDir)
    return file?.pid === child.pid && file?.state === 'ready' ? ('ready' as const) : undefined
  }
  const outcome = await eventually({ clock: systemClock }, ready, { timeoutMs: startTimeoutMs, everyMs: 10 })
  if (outcome === 'ready') return { pid: child.pid ?? 0, exited }
  if (ended instanceof Error) throw ended
  child.kill('SIGKILL')
  const said = readFileSync(logPath).subarray(saidBefore).toString()
  throw new Error(
    ended ? said || `it ended with ${ended.signal ?? ended.code}` : `it was not ready after ${startTimeoutMs / 1000} s\n${said}`,
  )
}

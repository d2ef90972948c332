import { stat } from 'node:fs/promises'
import { systemClock } from '../../kernel/clock.ts'
import { isPostmaster, killServer, serverProcesses, signal, stillLives } from './processes.ts'
import { eventually } from '../../kernel/eventually.ts'

/** How a server ended; of an adopted one nobody can know. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Ends a server gracefully, and by force after `timeoutMs`. No process of it is left afterwards. */
export async function stopServer(dataDir: string, { exited, timeoutMs }: { exited: Promise<unknown>; timeoutMs: number }): Promise<void> {
  // SIGINT is its "fast" shutdown: it ends its clients' sessions instead of waiting for them. A frozen one must be thawed to hear it.
  for (const { pid } of (await serverProcesses(dataDir)).filter(isPostmaster)) {
    signal(pid, 'SIGINT')
    signal(pid, 'SIGCONT')
  }
  const patience = new AbortController()
  await Promise.race([exited, systemClock.sleep(timeoutMs, patience.signal).catch(() => {})])
  patience.abort()
  await killServer(dataDir)
  await exited
}

/** Ends a server that nobody supervises any more. Says whether there was one. */
export async function stopAbandonedServer(dataDir: string): Promise<boolean> {
  if (!(await stat(dataDir).catch(() => undefined))) return false
  const left = await serverProcesses(dataDir)
  const gone = eventually({ clock: systemClock }, () => !left.some(stillLives), { timeoutMs: 20_000, everyMs: 20 })
  if (left.length === 0) return false
  await stopServer(dataDir, { exited: gone, timeoutMs: 10_000 })
  return true
}

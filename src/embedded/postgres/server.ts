import { systemClock } from '../../kernel/clock.ts'
import { killServer, signal } from './processes.ts'

/** How a server ended; of an adopted one nobody can know. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Ends a server gracefully, and by force after `timeoutMs`. No process of it is left afterwards. */
export async function stopServer(
  dataDir: string,
  { pid, exited, timeoutMs }: { pid: number; exited: Promise<Ended>; timeoutMs: number },
): Promise<void> {
  // SIGINT is its "fast" shutdown: it ends its clients' sessions instead of waiting for them. A frozen one must be thawed to hear it.
  signal(pid, 'SIGINT')
  signal(pid, 'SIGCONT')
  const patience = new AbortController()
  await Promise.race([exited, systemClock.sleep(timeoutMs, patience.signal).catch(() => {})])
  patience.abort()
  await killServer(dataDir)
  await exited
}

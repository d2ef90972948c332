import { systemClock } from '../../kernel/clock.ts'
import { type Process, signal, stillLives } from '../postgres/processes.ts'
import { eventually } from '../../kernel/eventually.ts'

/** Resolves when a process that is not our child has ended: only a parent is told, anybody else has to look. */
export async function endOf(process: Process): Promise<void> {
  await eventually({ clock: systemClock }, () => !stillLives(process), { timeoutMs: Infinity, everyMs: 50 })
}

/** Asks a process to end by `first`, and ends it by force after `timeoutMs`. Resolves when it has ended. */
export async function endProcess(
  pid: number,
  { first, timeoutMs, exited }: { first: NodeJS.Signals; timeoutMs: number; exited: Promise<unknown> },
): Promise<void> {
  // The number of a process that has ended may belong to another by now.
  if (await Promise.race([exited.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))])) return
  const patience = new AbortController()
  signal(pid, first)
  signal(pid, 'SIGCONT') // A frozen one would not hear it.
  const inTime = await Promise.race([
    exited.then(() => true),
    systemClock.sleep(timeoutMs, patience.signal).then(
      () => false,
      () => true,
    ),
  ])
  patience.abort()
  if (!inTime) signal(pid, 'SIGKILL')
  await exited
}

import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { StartupError } from '../../config/startup-error.ts'
import { type Process, processByPid } from '../postgres/processes.ts'
import { explainDir, type StateDir } from './state-dir.ts'
import { readJson } from './whole-file.ts'

/** The supervisor that holds the directory, if it lives. A lock of one that is gone counts as none. */
export function holderOf(dir: StateDir): Process | undefined {
  const lock = readJson(dir.lock) as { pid?: number; startedAt?: string } | undefined
  const found = lock?.pid ? processByPid(lock.pid) : undefined
  return found?.startedAt === lock?.startedAt ? found : undefined
}

/** Makes this process the one supervisor of the directory. Throws a StartupError when there is another; takes over from a dead one. */
export function takeLock(dir: StateDir): void {
  const { pid, startedAt } = processByPid(process.pid)!
  const own = `${dir.lock}.${pid}`
  try {
    writeFileSync(own, JSON.stringify({ pid, startedAt }), { mode: 0o600 })
    while (!placed(own, dir.lock)) {
      const holder = holderOf(dir)
      if (holder) {
        throw new StartupError(
          `A cloud already runs in ${dir.root} (process ${holder.pid})`,
          'Look at it with `skykeel status`, end it with `skykeel down`, or choose another --state-dir for a second one.',
        )
      }
      removeStale(dir)
    }
  } catch (error) {
    throw error instanceof StartupError ? error : explainDir(dir.root, error as NodeJS.ErrnoException)
  } finally {
    rmSync(own, { force: true })
  }
}

/** Gives the directory free again. */
export function dropLock(dir: StateDir): void {
  if (holderOf(dir)?.pid === process.pid) rmSync(dir.lock, { force: true })
}

// Unlike a rename, a link fails when the name is taken, so that only one of several can win.
function placed(own: string, lock: string): boolean {
  try {
    linkSync(own, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

// Another process may have replaced the stale lock between our look and our rename: then it gets its own back.
function removeStale(dir: StateDir): void {
  const aside = `${dir.lock}.stale.${process.pid}`
  try {
    renameSync(dir.lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (holderOf({ ...dir, lock: aside })) placed(aside, dir.lock)
  rmSync(aside, { force: true })
}

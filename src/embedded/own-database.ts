import { existsSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'
import { socketFits, urlOf } from './postgres/location.ts'
import { readPassword } from './postgres/password.ts'
import { readPidFile } from './postgres/pid-file.ts'
import { isAlive } from './postgres/processes.ts'
import { startPostgres } from './postgres/start.ts'
import { untilSignalled } from './signals.ts'
import { freePort } from './supervisor/free-port.ts'
import { dropLock, holderOf, takeLock } from './supervisor/lock.ts'
import { cacheDir } from './supervisor/plan.ts'
import { logOf, makeStateDir, type StateDir } from './supervisor/state-dir.ts'

// Only names the socket.
const socketPort = 5432

/** The URL of the embedded database that runs in this directory. Undefined when none does. */
export async function runningDatabase(dir: StateDir): Promise<string | undefined> {
  const [password, file] = [await readPassword(dir.postgres), await readPidFile(dir.postgres)]
  if (!password || file?.state !== 'ready' || !isAlive(file.pid)) return undefined
  return urlOf({ dataDir: dir.postgres, port: file.port, password })
}

/** Works with the embedded database of a cloud, whether the cloud runs or not. Throws a StartupError when there is none. */
export async function withOwnDatabase<T>(dir: StateDir, work: (url: string) => Promise<T>): Promise<T> {
  if (!existsSync(dir.postgres))
    throw new StartupError(`There is no database in ${dir.root}`, 'Name the state directory by --state-dir, or the database by --database.')
  const url = await runningDatabase(dir)
  return url !== undefined && holderOf(dir) ? work(url) : withStoppedCloud(dir, work)
}

/** Works with the embedded database of a cloud that does not run, and keeps it from being started meanwhile. Makes one where there is none. */
export async function withStoppedCloud<T>(dir: StateDir, work: (url: string) => Promise<T>): Promise<T> {
  makeStateDir(dir.root)
  takeLock(dir)
  try {
    const port = socketFits(dir.postgres, socketPort) ? {} : { port: await freePort() }
    const server = await startPostgres({ dataDir: dir.postgres, logPath: logOf(dir, 'postgres'), cacheDir, ...port })
    const givenUp = untilSignalled().then((signal) => {
      throw new StartupError(`It was ended by ${signal}`, 'Begin it again.')
    })
    try {
      return await Promise.race([work(server.url), givenUp])
    } finally {
      await server.stop()
    }
  } finally {
    dropLock(dir)
  }
}

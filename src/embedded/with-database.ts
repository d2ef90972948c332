import { StartupError } from '../config/startup-error.ts'
import { systemClock, systemIds } from '../kernel/clock.ts'
import { patienceMs, type SqlContext } from '../kernel/context.ts'
import { Fault } from '../kernel/errors.ts'
import { openLog } from '../kernel/log.ts'
import { openDatabase } from '../kernel/sql/database.ts'
import { openVault } from '../kernel/vault.ts'

/** Does one command's work on the database of a cloud, and closes it again. Throws a StartupError when it is not there. */
export async function withDatabase<T>(
  { databaseUrl, secret, name }: { databaseUrl: string; secret: string; name: string },
  work: (ctx: SqlContext) => Promise<T>,
): Promise<T> {
  // What fails is thrown.
  const log = openLog({ process: name, level: 'silent', destination: 2 })
  const { db, dialect, close } = openDatabase({ url: databaseUrl, log, poolSize: 2 })
  const [clock, ids] = [systemClock, systemIds]
  const patienceUntilMs = clock.monotonicMs() + patienceMs
  try {
    return await work({ db, dialect, clock, ids, log, vault: openVault(secret), requestId: name, patienceUntilMs })
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'unavailable') throw error
    throw new StartupError('The database can not be reached', 'See `skykeel doctor`: it looks at every host of it.', { cause: error })
  } finally {
    await close()
  }
}

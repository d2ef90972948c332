import { secretsOf } from '../backup/secrets-of.ts'
import { StartupError } from '../config/startup-error.ts'
import { withOwnDatabase } from '../embedded/own-database.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { withDatabase } from '../embedded/with-database.ts'
import { secretFits } from '../keystone/contract.ts'
import type { Config } from '../config/settings.ts'
import type { SqlContext } from '../kernel/context.ts'

/** Does a verb's work on the database of the cloud that it was told of. Throws a StartupError where its secret is not, or is another's. */
export async function withCloudDatabase<T>(config: Config, name: string, work: (ctx: SqlContext) => Promise<T>): Promise<T> {
  const dir = stateDirAt(config.stateDir)
  const secret = secretsOf(dir, config)?.cloudSecret
  if (secret === undefined)
    throw new StartupError('The secret of the cloud is not here', 'Name its directory by --state-dir, or its configuration by --config.')
  const onDatabase = (databaseUrl: string) =>
    withDatabase({ databaseUrl, secret, name }, async (ctx) => {
      if (!(await secretFits(ctx))) throw new StartupError('The secret that is here is that of another cloud', 'Give that of this one.')
      return work(ctx)
    })
  return config.database === undefined ? withOwnDatabase(dir, onDatabase) : onDatabase(config.database)
}

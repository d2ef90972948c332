import { migrations } from '../../migrations/all.ts'
import { systemClock, systemIds } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { openLog } from '../kernel/log.ts'
import { openPostgresMessaging } from '../kernel/messaging/postgres.ts'
import { openDatabase } from '../kernel/sql/database.ts'
import { migrate } from '../kernel/sql/migrate.ts'
import { openVault } from '../kernel/vault.ts'
import { type Seed, seedCloud } from './seed.ts'

export interface Preparation extends Seed {
  readonly databaseUrl: string
  readonly messagingUrl: string
  readonly secret: string
  readonly logLevel: string
}

/** How long to wait for a database that can't be written yet, in milliseconds. */
const patienceMs = 60_000

/** Brings the schema up to date and seeds a new cloud. Returns the names of what was applied. Safe to repeat, and to do twice at once. */
export async function prepareDatabase({ databaseUrl, messagingUrl, secret, logLevel, ...seed }: Preparation): Promise<string[]> {
  const log = openLog({ process: 'prepare', level: logLevel })
  const database = openDatabase({ url: databaseUrl, log, poolSize: 4, statementTimeoutMs: 60_000 })
  const [clock, ids] = [systemClock, systemIds]
  try {
    const applied = await migrate(database, migrations)
    const messaging = await openPostgresMessaging({ url: messagingUrl, log, clock, ids })
    const { db, dialect } = database
    const ctx: Context = { db, dialect, messaging, clock, ids, log, vault: openVault(secret), requestId: 'prepare', patienceUntilMs: clock.monotonicMs() + patienceMs }
    const seeded = await seedCloud(ctx, seed).finally(() => messaging.close())
    log.info({ applied, seeded }, 'the database is prepared')
    return seeded ? [...applied, 'seed'] : applied
  } finally {
    await database.close()
  }
}

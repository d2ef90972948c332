import type { Kysely } from 'kysely'
import { migrations } from '../../migrations/all.ts'
import { systemClock, systemIds } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { openLog } from '../kernel/log.ts'
import { openMessaging } from '../kernel/messaging/open-messaging.ts'
import { openDatabase } from '../kernel/sql/database.ts'
import { migrate } from '../kernel/sql/migrate.ts'
import { openVault } from '../kernel/vault.ts'
import { patiently } from './patiently.ts'
import type { Seed } from './seed.ts'

export interface Preparation extends Seed {
  readonly databaseUrl: string
  readonly messagingUrl: string
  readonly secret: string
  readonly logLevel: string
}

/** Changes whenever a seed does, so that clouds of an earlier release get what is new. */
const seedVersion = 1

/** How long to wait for a database that can't be written yet, in milliseconds. */
const patienceMs = 60_000

/** Brings the schema up to date and seeds a new cloud. Returns the names of what was applied. Safe to repeat, and to do twice at once. */
export async function prepareDatabase({ databaseUrl, messagingUrl, secret, logLevel, ...seed }: Preparation): Promise<string[]> {
  const log = openLog({ process: 'prepare', level: logLevel })
  const database = openDatabase({ url: databaseUrl, log, poolSize: 4, statementTimeoutMs: 60_000 })
  const [clock, ids] = [systemClock, systemIds]
  try {
    const applied = await patiently({ clock, log }, async () => migrate(database, migrations), { patienceMs })
    const mark = `seed.${seedVersion}.${seed.region}`
    if (await isMarked(database.db, mark)) return applied
    const messaging = await openMessaging({ url: messagingUrl, log, clock, ids })
    const { db, dialect } = database
    const ctx: Context = {
      db,
      dialect,
      messaging,
      clock,
      ids,
      log,
      vault: openVault(secret),
      requestId: 'prepare',
      patienceUntilMs: clock.monotonicMs() + patienceMs,
    }
    // Loaded only now: it brings every service with it, and is needed once in the life of a cloud.
    const { seedCloud } = await import('./seed.ts')
    try {
      await seedCloud(ctx, { ...seed, mark })
    } finally {
      await messaging.close()
    }
    log.info({ applied }, 'the database is seeded')
    return [...applied, 'seed']
  } finally {
    await database.close()
  }
}

// The ledger of migrations serves for the seed too: both are done once for a database.
const isMarked = async (db: Kysely<any>, mark: string): Promise<boolean> =>
  (await db.selectFrom('kernel_migrations').select('name').where('name', '=', mark).executeTakeFirst()) !== undefined

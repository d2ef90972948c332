import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { patienceMs, type Context } from '../../src/kernel/context.ts'
import { openPostgresMessaging } from '../../src/kernel/messaging/postgres.ts'
import { openDatabase } from '../../src/kernel/sql/database.ts'
import { openVault } from '../../src/kernel/vault.ts'
import { quietLog } from './quiet-log.ts'
import { newDatabase, newQueue, type DatabaseName } from './test-databases.ts'

export { databases } from './test-databases.ts'

export interface TestContext {
  readonly ctx: Context
  close(): Promise<void>
}

/** A context on a database that is there already, for what sends no messages. */
export function contextOn(url: string, { poolSize = 10 }: { poolSize?: number } = {}): TestContext {
  const { db, dialect, close } = openDatabase({ url, log: quietLog, poolSize })
  return { ctx: { db, dialect, messaging: undefined as never, ...common() }, close }
}

// Patience ends far away: a test's context serves many pieces of work.
const common = () => ({
  clock: systemClock,
  ids: systemIds,
  log: quietLog,
  vault: openVault('a secret that only tests may know, of 32 and more'),
  requestId: 'req-test',
  patienceUntilMs: systemClock.monotonicMs() + 60 * patienceMs,
})

/** The kernel's parts alone: a context on a database and a queue of its own. */
export async function aContext(database: DatabaseName): Promise<TestContext> {
  const [{ url, drop }, queue] = await Promise.all([newDatabase(database), newQueue()])
  const opened = openDatabase({ url, log: quietLog })
  const messaging = await openPostgresMessaging({ url: queue.url, log: quietLog, clock: systemClock, ids: systemIds })
  const ctx: Context = { db: opened.db, dialect: opened.dialect, messaging, ...common() }
  return {
    ctx,
    async close() {
      await messaging.close()
      await opened.close()
      await Promise.all([drop(), queue.drop()])
    },
  }
}

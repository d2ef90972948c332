import { StartupError } from '../config/startup-error.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { failureClass, isOutage } from '../kernel/sql/failures.ts'

const pauseMs = 500

/**
 * Does what is safe to repeat, again and again while the database can't be written, as when all machines start at once.
 * Throws a StartupError after `patienceMs`, and any other failure at once.
 */
export async function patiently<T>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  work: () => Promise<T>,
  { patienceMs }: { patienceMs: number },
): Promise<T> {
  const untilMs = clock.monotonicMs() + patienceMs
  for (let told = false; ; told = true) {
    try {
      return await work()
    } catch (error) {
      const kind = failureClass(error)
      if (!isOutage(kind) && kind !== 'retry') throw error
      if (clock.monotonicMs() >= untilMs)
        throw new StartupError(
          `The database can't be written: ${(error as Error).message}`,
          'Check that it runs, and the setting database.',
          { cause: error },
        )
      if (!told) log.warn({ reason: (error as Error).message }, 'the database is awaited')
      await clock.sleep(pauseMs)
    }
  }
}

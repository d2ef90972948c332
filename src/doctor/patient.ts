import type { Config } from '../config/settings.ts'
import { runningDatabase } from '../embedded/own-database.ts'
import type { StateDir } from '../embedded/supervisor/state-dir.ts'
import { systemClock as clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Patient } from './check.ts'
import { factsOf } from './facts.ts'
import { queueFactsOf } from './queue-facts.ts'

const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined
  return () => (asked ??= ask())
}

/** What there is to look at: the configuration, or what runs in the state directory. */
export function patientOf(
  { config, dir, log }: { config: Config; dir: StateDir; log: Log },
  about: Pick<Patient, 'certificates' | 'frontUrl' | 'peers'>,
): Patient {
  const databaseUrl = once(async () => config.database ?? (await runningDatabase(dir)))
  return {
    config,
    dir,
    clock,
    ...about,
    databaseUrl,
    database: once(async () => {
      const url = await databaseUrl()
      return url === undefined ? undefined : factsOf(url, { log, clock })
    }),
    queue: once(async () => (config.messaging?.startsWith('amqp') ? queueFactsOf(config.messaging, clock) : undefined)),
  }
}

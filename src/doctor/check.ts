import type { Config } from '../config/settings.ts'
import type { StateDir } from '../embedded/supervisor/state-dir.ts'
import type { Clock } from '../kernel/clock.ts'
import type { HostFacts } from './facts.ts'
import type { QueueHost } from './queue-facts.ts'

/** What is wrong, in one sentence, and what mends it, in one more. Neither holds a secret. */
export interface Finding {
  readonly severity: 'warning' | 'error'
  readonly problem: string
  readonly fix: string
}

/** What checks look at. What takes a look elsewhere is asked once, however many checks want it. */
export interface Patient {
  readonly config: Config
  readonly dir: StateDir
  readonly clock: Clock
  /** Files of certificates that the cloud serves with. */
  readonly certificates: readonly string[]
  /** Where clients reach the cloud, if that is by TLS. */
  readonly frontUrl: string | undefined
  /** HOST:PORT of controllers elsewhere. */
  readonly peers: readonly string[]
  /** Undefined where there is no database to ask. */
  database(): Promise<readonly HostFacts[] | undefined>
  /** Where statements go; undefined where there is no database. */
  databaseUrl(): Promise<string | undefined>
  /** Undefined where the queue is no RabbitMQ. */
  queue(): Promise<readonly QueueHost[] | undefined>
}

/** One thing to be looked at. */
export interface Check {
  readonly id: string
  /** Completes "looks at …". */
  readonly about: string
  /** How long it may take; 5000 unless said. */
  readonly limitMs?: number
  /** Nothing found is well; `undefined` says that there is nothing to look at. Throws only when the look itself fails. */
  run(patient: Patient): Promise<readonly Finding[] | undefined>
}

export const warning = (problem: string, fix: string): Finding => ({ severity: 'warning', problem, fix })
export const failing = (problem: string, fix: string): Finding => ({ severity: 'error', problem, fix })

import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../kernel/sql/database.ts'
import type { Log } from '../kernel/log.ts'
import { hostOf, urlPerHost } from '../kernel/messaging/hosts.ts'
import type { Clock } from '../kernel/clock.ts'

/** What one host of the database tells of itself. */
export interface Facts {
  readonly family: 'postgres' | 'mysql'
  readonly version: string
  readonly writable: boolean
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly aheadMs: number
  readonly connections: number
  readonly maxConnections: number
  /** The age of the oldest transaction of others, in seconds. */
  readonly oldestTransactionSeconds: number
  /** Settings and states of the engine, in its own words. */
  readonly status: Readonly<Record<string, string>>
}

export type HostFacts = { readonly host: string } & ({ readonly facts: Facts } | { readonly problem: string })

interface Row {
  readonly version: string
  readonly writable: boolean | number
  readonly now: Date
  readonly connections: number
  readonly maximum: number
  readonly oldest: number
}

const questions = {
  postgres: {
    facts: sql<Row>`select current_setting('server_version') as version,
      not (pg_is_in_recovery() or current_setting('transaction_read_only')::boolean) as writable, clock_timestamp() as now,
      (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::integer as maximum,
      coalesce((select extract(epoch from max(now() - xact_start))::float8 from pg_stat_activity where pid <> pg_backend_pid()), 0) as oldest`,
    status: sql<{ name: string; value: string }>`
      select name, setting as value from pg_settings where name in ('synchronous_commit', 'fsync')
      union all select 'sync_standbys', count(*)::text from pg_stat_replication where sync_state in ('sync', 'quorum')`,
  },
  mysql: {
    facts: sql<Row>`select version() as version, @@global.read_only = 0 as writable, now(6) as now,
      (select count(*) from information_schema.processlist) as connections, @@global.max_connections as maximum,
      coalesce((select max(timestampdiff(second, trx_started, now())) from information_schema.innodb_trx where trx_mysql_thread_id <> connection_id()), 0) as oldest`,
    status: sql<{ name: string; value: string }>`
      select lower(variable_name) as name, variable_value as value from information_schema.global_status
      where variable_name in ('wsrep_ready', 'wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_cluster_size')
      union all select lower(variable_name), variable_value from information_schema.global_variables
      where variable_name in ('wsrep_on', 'innodb_flush_log_at_trx_commit', 'innodb_autoinc_lock_mode', 'binlog_format')`,
  },
}

/** Asks every host that the URL names, each for itself. Never rejects. */
export const factsOf = async (url: string, { log, clock }: { log: Log; clock: Clock }): Promise<HostFacts[]> =>
  Promise.all(
    urlPerHost(url).map(async (one) => {
      const host = hostOf(one)
      const asking = ask(one, { log, clock }).catch((error: Error & { code?: string }) => ({
        problem: error.message || error.code || 'it does not answer',
      }))
      return {
        host,
        ...(await Promise.race([asking, clock.sleep(limitMs).then(() => ({ problem: `no answer within ${limitMs / 1000} s` }))])),
      }
    }),
  )

const limitMs = 4_000

async function ask(url: string, { log, clock }: { log: Log; clock: Clock }): Promise<{ facts: Facts }> {
  const { db, dialect, close } = openDatabase({ url, log, poolSize: 1, statementTimeoutMs: 3_000 })
  const any = db as Kysely<any>
  const { family } = dialect
  try {
    await sql`select 1`.execute(any)
    const before = clock.now().getTime()
    const { rows } = await questions[family].facts.execute(any)
    const middle = (before + clock.now().getTime()) / 2
    const status = await questions[family].status.execute(any)
    const { version, writable, now, connections, maximum, oldest } = rows[0]!
    return {
      facts: {
        family,
        version,
        writable: Boolean(writable),
        aheadMs: now.getTime() - middle,
        connections: Number(connections),
        maxConnections: Number(maximum),
        oldestTransactionSeconds: Number(oldest),
        status: Object.fromEntries(status.rows.map(({ name, value }) => [name, value])),
      },
    }
  } finally {
    void close().catch(() => {})
  }
}

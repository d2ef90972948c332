import { Kysely, type Dialect as KyselyDialect } from 'kysely'
import { mysqlDialect, postgresDialect, type Dialect } from './dialect.ts'
import { parseDatabaseUrl } from './hosts.ts'
import { mysqlKysely } from './mysql.ts'
import { postgresKysely } from './postgres.ts'
import type { Log } from '../log.ts'
import type { Db } from './tables.ts'

export interface Database {
  readonly db: Db
  readonly dialect: Dialect
  /** Closes every connection; statements that run end first. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  readonly log: Log
  /** Connections at most; each controller has its own pool. */
  readonly poolSize?: number
  /** How long one statement may take before its connection is given up, in milliseconds. */
  readonly statementTimeoutMs?: number
  /** Lets a simulation stand between the query builder and the driver. */
  readonly instrument?: (dialect: KyselyDialect) => KyselyDialect
}

export interface PoolOptions extends Required<Omit<DatabaseOptions, 'instrument' | 'url'>> {
  /** How long a statement waits for another one's lock, in milliseconds: less than it may take as a whole. */
  readonly lockTimeoutMs: number
}

/** Opens the database that the URL names. Connects on first use; a database that is down is no error here. */
export function openDatabase(options: DatabaseOptions): Database {
  const url = parseDatabaseUrl(options.url)
  const { log, poolSize = 10, statementTimeoutMs = 4000 } = options
  const pool: PoolOptions = { log, poolSize, statementTimeoutMs, lockTimeoutMs: statementTimeoutMs * 0.75 }
  const isPostgres = url.family === 'postgres'
  const dialect = isPostgres ? postgresKysely(url, pool) : mysqlKysely(url, pool)
  const db = new Kysely<any>({ dialect: options.instrument?.(dialect) ?? dialect })
  return { db, dialect: isPostgres ? postgresDialect : mysqlDialect, close: async () => db.destroy() }
}

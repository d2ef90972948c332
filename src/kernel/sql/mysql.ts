import { createRequire } from 'node:module'
import type mysql2 from 'mysql2'
import type { Pool, PoolConnection } from 'mysql2'
import { MysqlDialect, type Dialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { failureClass } from './failures.ts'
import type { PoolOptions } from './database.ts'
import type { DatabaseUrl } from './hosts.ts'

// Loaded when first used: most clouds live on PostgreSQL, and shall not pay 10 MB a process for the other.
const require = createRequire(import.meta.url)
const driver = () => require('mysql2') as typeof mysql2

type Field = { type: string; length: number; name: string; string(encoding?: string): string | null }

// MariaDB keeps JSON as text and booleans as small numbers; a column's name or width says what it means.
function readColumn(field: any, next: () => unknown): unknown {
  const column = field as Field
  if (column.type === 'TINY' && column.length === 1) {
    const text = column.string()
    return text === null ? null : text === '1'
  }
  if (column.name.endsWith('_json')) {
    const text = column.string('utf8')
    return text === null ? null : JSON.parse(text)
  }
  return next()
}

const session = [
  "set session time_zone='+00:00', transaction_isolation='READ-COMMITTED', innodb_lock_wait_timeout=4",
  "set session sql_mode='STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
]
// MariaDB alone ends a frozen client's transaction by itself; MySQL has no such setting and refuses the name.
const mariadbSession =
  "set session idle_transaction_timeout=2, tx_isolation='READ-COMMITTED', innodb_lock_wait_timeout=4, time_zone='+00:00'"

/** A pool over several hosts; see `WritablePool` of PostgreSQL, whose manners it shares. */
class WritablePool implements MysqlPool {
  #pool: Pool
  #preferred = 0
  readonly #url: DatabaseUrl
  readonly #options: PoolOptions
  readonly #prepared = new WeakSet<object>()

  constructor(url: DatabaseUrl, options: PoolOptions) {
    this.#url = url
    this.#options = options
    this.#pool = this.#open()
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    const pool = this.#pool
    pool.getConnection((error, connection) => {
      if (error) return this.#fail(pool, error, callback)
      if (this.#prepared.has(connection)) return callback(undefined, this.#watched(connection, pool))
      this.#prepare(connection).then(
        () => callback(undefined, this.#watched(connection, pool)),
        (reason: unknown) => {
          connection.destroy()
          this.#fail(pool, reason, callback)
        },
      )
    })
  }

  end(callback: (error: unknown) => void): void {
    this.#pool.end(callback)
  }

  #fail(pool: Pool, error: unknown, callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    this.#leave(pool)
    callback(error, undefined as never)
  }

  /** Session settings, and the question whether this server takes writes. */
  async #prepare(connection: PoolConnection): Promise<void> {
    const link = connection.promise()
    const [rows] = await link.query("select @@version like '%MariaDB%' as mariadb, @@global.read_only as readOnly")
    const { mariadb, readOnly } = (rows as { mariadb: number; readOnly: number }[])[0]!
    if (readOnly && this.#url.hosts.length > 1) throw new Error('this server is a read-only standby')
    await link.query(mariadb ? mariadbSession : session[0]!)
    await link.query(session[1]!)
    this.#prepared.add(connection)
  }

  #watched(connection: PoolConnection, pool: Pool): MysqlPoolConnection {
    let broken = false
    const query = (text: string, values: readonly unknown[], callback?: (error: unknown, result: unknown) => void): any => {
      if (!callback) return connection.query(text, values as any[])
      return connection.query({ sql: text, values: values as any[], timeout: this.#options.statementTimeoutMs + 500 }, (error, result) => {
        if (error && failureClass(error) === 'unusable') {
          broken = true
          this.#replace(pool)
        }
        callback(error, result)
      })
    }
    const release = () => (broken ? connection.destroy() : connection.release())
    return { query, release, destroy: () => connection.destroy(), threadId: connection.threadId } as unknown as MysqlPoolConnection
  }

  /** The next host, once for all that fail together. */
  #leave(pool: Pool): void {
    if (pool !== this.#pool) return
    this.#preferred = (this.#preferred + 1) % this.#url.hosts.length
    this.#replace(pool)
  }

  #replace(pool: Pool): void {
    if (pool !== this.#pool) return
    this.#pool = this.#open()
    pool.end(() => {})
  }

  #open(): Pool {
    const { hosts, user, password, database } = this.#url
    const host = hosts[this.#preferred]!
    return driver().createPool({
      ...(host.host.startsWith('/') ? { socketPath: host.host } : { host: host.host, port: host.port }),
      user,
      password,
      database,
      connectionLimit: this.#options.poolSize,
      connectTimeout: 2000,
      charset: 'utf8mb4_bin',
      timezone: 'Z',
      supportBigNumbers: true,
      typeCast: readColumn,
      enableKeepAlive: true,
      keepAliveInitialDelay: 2000,
    })
  }
}

/** The query builder's way to MariaDB and MySQL. */
export const mysqlKysely = (url: DatabaseUrl, options: PoolOptions): Dialect => new MysqlDialect({ pool: new WritablePool(url, options) })

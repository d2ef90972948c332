import { createRequire } from 'node:module'
import type mysql2 from 'mysql2'
import type { Pool, PoolConnection } from 'mysql2'
import { MysqlDialect, type Dialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { failureClass, isOutage } from './failures.ts'
import type { PoolOptions } from './database.ts'
import type { DatabaseUrl } from './hosts.ts'
import { openWritablePool, type DatabaseHost, type WritablePool } from './writable-pool.ts'

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

const sqlMode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'
// The transaction of a client that froze MariaDB alone ends by itself; MySQL has no such setting and refuses the name.
const sessionOf = (mariadb: boolean, { lockTimeoutMs }: PoolOptions): string =>
  [
    `set session time_zone='+00:00', innodb_lock_wait_timeout=${Math.round(lockTimeoutMs / 1000)}, sql_mode='${sqlMode}'`,
    mariadb ? "tx_isolation='READ-COMMITTED', idle_transaction_timeout=1" : "transaction_isolation='READ-COMMITTED'",
  ].join(', ')
// Another controller may have written on another node: whatever was acknowledged there is seen by each transaction that begins here.
const galeraSession = 'set session wsrep_sync_wait=1'

/** A node that is a member of the cluster and has caught up. One that gives a new member its data can't be written meanwhile. */
const synced = '4'

/** Hands out connections to a writable server only; see `WritableClients` of PostgreSQL, whose manners it shares. */
class WritableConnections implements MysqlPool {
  readonly #pools: WritablePool<Pool>
  readonly #options: PoolOptions
  readonly #severalHosts: boolean
  readonly #prepared = new WeakSet<object>()

  constructor(url: DatabaseUrl, options: PoolOptions) {
    this.#options = options
    this.#severalHosts = url.hosts.length > 1
    this.#pools = openWritablePool(url.hosts, {
      open: (host) => openPool(url, host, options),
      verify: async (pool) => (await this.#connect(pool)).release(),
      retire,
      close: async (pool) => pool.promise().end(),
      abandon,
    })
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    this.#lend().then(
      (connection) => callback(undefined, connection),
      (error: unknown) => callback(error, undefined as never),
    )
  }

  end(callback: (error: unknown) => void): void {
    this.#pools.end().then(() => callback(undefined), callback)
  }

  async #lend(): Promise<MysqlPoolConnection> {
    const pool = await this.#pools.current()
    try {
      return this.#watched(await this.#connect(pool), pool)
    } catch (error) {
      this.#pools.leave(pool)
      throw error
    }
  }

  async #connect(pool: Pool): Promise<PoolConnection> {
    const connection = await new Promise<PoolConnection>((resolve, reject) => {
      pool.getConnection((error, got) => (error ? reject(error) : resolve(got)))
    })
    if (this.#prepared.has(connection)) return connection
    try {
      await this.#prepare(connection)
      this.#prepared.add(connection)
      return connection
    } catch (error) {
      connection.destroy()
      throw error
    }
  }

  /** Session settings, and the question whether this server takes writes. */
  async #prepare(connection: PoolConnection): Promise<void> {
    const ask = async (sql: string) => (await connection.promise().query({ sql, timeout: answerTimeoutMs }))[0] as any[]
    const [{ mariadb, readOnly }] = await ask("select @@version like '%MariaDB%' as mariadb, @@global.read_only as readOnly")
    if (readOnly && this.#severalHosts) throw new Error('this server is a read-only standby')
    await ask(sessionOf(Boolean(mariadb), this.#options))
    if (!mariadb || !this.#severalHosts) return
    const [status] = await ask(
      "select @@wsrep_on as isNode, variable_value as state from information_schema.global_status where variable_name = 'wsrep_local_state'",
    )
    if (!status?.isNode) return
    if (status.state !== synced) throw new Error('this server is a read-only standby until it has caught up with its cluster')
    await ask(galeraSession)
  }

  #watched(connection: PoolConnection, pool: Pool): MysqlPoolConnection {
    let failure: unknown
    const query = (text: string, values: readonly unknown[], callback?: (error: unknown, result: unknown) => void): any => {
      if (!callback) return connection.query(text, values as any[])
      // It would wait, and for ever, behind the statement that a silent server never answers.
      if (failure) return callback(failure, undefined)
      return connection.query({ sql: text, values: values as any[], timeout: this.#options.statementTimeoutMs + 500 }, (error, result) => {
        const kind = error ? failureClass(error) : undefined
        if (kind && isOutage(kind)) {
          failure = error
          this.#pools.leave(pool, { forAnother: kind === 'elsewhere' })
        }
        callback(error, result)
      })
    }
    const release = () => (failure ? connection.destroy() : connection.release())
    return { query, release, destroy: () => connection.destroy(), threadId: connection.threadId } as unknown as MysqlPoolConnection
  }
}

/** How long a server may take to be connected to, and for each question before a connection is used; in milliseconds. */
const answerTimeoutMs = 2000

const idleOf = new WeakMap<Pool, Set<PoolConnection>>()

function retire(pool: Pool): void {
  for (const connection of idleOf.get(pool) ?? []) connection.destroy()
  pool.on('release', (connection) => connection.destroy())
}

function abandon(pool: Pool): void {
  for (const connection of idleOf.get(pool) ?? []) connection.destroy()
  pool.end(() => {})
}

function openPool({ user, password, database }: DatabaseUrl, { host, port }: DatabaseHost, { poolSize }: PoolOptions): Pool {
  const pool = driver().createPool({
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    ...{ user, password, database },
    connectionLimit: poolSize,
    connectTimeout: answerTimeoutMs,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    typeCast: readColumn,
    enableKeepAlive: true,
    keepAliveInitialDelay: 2000,
  })
  const idle = new Set<PoolConnection>()
  idleOf.set(pool, idle)
  pool.on('release', (connection) => idle.add(connection))
  pool.on('acquire', (connection) => idle.delete(connection))
  return pool
}

/** The query builder's way to MariaDB and MySQL. */
export const mysqlKysely = (url: DatabaseUrl, options: PoolOptions): Dialect =>
  new MysqlDialect({ pool: new WritableConnections(url, options) })

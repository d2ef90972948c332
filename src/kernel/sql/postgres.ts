import pg from 'pg'
import { PostgresDialect, type Dialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { failureClass } from './failures.ts'
import type { PoolOptions } from './database.ts'
import type { DatabaseUrl } from './hosts.ts'

// bigint columns hold counters and sizes far below 2^53.
const types = { getTypeParser: (oid: number, format?: any) => (oid === 20 ? Number : pg.types.getTypeParser(oid, format)) }

// A statement's text is its name on the server, so each connection parses and plans it once.
const statementNames = new Map<string, string>()
const maxNames = 2000
function nameOf(text: string): string | undefined {
  let name = statementNames.get(text)
  if (!name && statementNames.size < maxNames) statementNames.set(text, (name = `s${statementNames.size}`))
  return name
}

/**
 * A pool over several hosts that only hands out connections to a writable server. `pg` knows one host and no roles:
 * each new connection tries the hosts in turn and asks whether the server takes writes. When a server turns out
 * to be gone or read-only, the whole pool is replaced, since its other connections lead to the same place.
 */
class WritablePool implements PostgresPool {
  #pool: pg.Pool
  #preferred = 0
  readonly #url: DatabaseUrl
  readonly #options: PoolOptions

  constructor(url: DatabaseUrl, options: PoolOptions) {
    this.#url = url
    this.#options = options
    this.#pool = this.#open()
  }

  get options(): object {
    return this.#pool.options
  }

  async connect(): Promise<PostgresPoolClient> {
    const pool = this.#pool
    try {
      return this.#watched(await pool.connect(), pool)
    } catch (error) {
      this.#leave(pool)
      throw error
    }
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }

  /** Passes statements on by name; remembers a failure of the connection itself, so that it is not used again. */
  #watched(client: pg.PoolClient, pool: pg.Pool): PostgresPoolClient {
    let broken = false
    const query = async (text: any, values?: readonly unknown[]): Promise<any> => {
      const name = values && values.length > 0 ? nameOf(text) : undefined
      try {
        return await client.query(name ? { name, text, values: values as unknown[] } : { text, values: values as unknown[] })
      } catch (error) {
        if (failureClass(error) === 'unusable') {
          broken = true
          this.#replace(pool)
        }
        throw error
      }
    }
    return { query, release: () => client.release(broken) } as PostgresPoolClient
  }

  /** The next host, once for all that fail together. */
  #leave(pool: pg.Pool): void {
    if (pool !== this.#pool) return
    this.#preferred = (this.#preferred + 1) % this.#url.hosts.length
    this.#replace(pool)
  }

  #replace(pool: pg.Pool): void {
    if (pool !== this.#pool) return
    this.#pool = this.#open()
    void pool.end().catch(() => {})
  }

  #open(): pg.Pool {
    const { hosts, user, password, database } = this.#url
    const host = hosts[this.#preferred]!
    const pool = new pg.Pool({
      host: host.host,
      port: host.port,
      user,
      password,
      database,
      types,
      max: this.#options.poolSize,
      connectionTimeoutMillis: 2000,
      query_timeout: this.#options.statementTimeoutMs + 500,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 2000,
      application_name: 'skykeel',
      // A frozen controller must not hold its locks: the server ends its session, and its keys are free again.
      options: `-c statement_timeout=${this.#options.statementTimeoutMs} -c lock_timeout=4000 -c idle_in_transaction_session_timeout=2000 -c TimeZone=UTC -c default_transaction_isolation=read\\ committed`,
      // oxlint-disable-next-line typescript/no-misused-promises -- pg waits for it; its types don't say so
      onConnect: async (client: pg.ClientBase) => {
        if (hosts.length === 1) return
        const { rows } = await client.query("select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as standby")
        if (rows[0].standby) throw new Error(`${host.host}:${host.port} is a read-only standby`)
      },
    })
    // A connection that breaks while it is lent out tells its borrower by the statement that fails; without a listener it would end the process.
    pool.on('connect', (client) => void client.on('error', () => {}))
    pool.on('error', (error) => {
      this.#options.log.warn({ database: `${host.host}:${host.port}`, reason: error.message }, 'an idle database connection breaks')
    })
    return pool
  }
}

/** The query builder's way to PostgreSQL. */
export const postgresKysely = (url: DatabaseUrl, options: PoolOptions): Dialect =>
  new PostgresDialect({ pool: new WritablePool(url, options) })

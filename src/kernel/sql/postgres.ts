import type { Socket } from 'node:net'
import pg from 'pg'
import { PostgresDialect, type Dialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { failureClass, isOutage } from './failures.ts'
import type { PoolOptions } from './database.ts'
import type { DatabaseUrl } from './hosts.ts'
import { openWritablePool, type DatabaseHost, type WritablePool } from './writable-pool.ts'

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

/** Hands out connections to a writable server only. `pg` knows one host and no roles, so each new connection asks for its server's. */
class WritableClients implements PostgresPool {
  /** What the query builder would cancel statements with, which nobody asks it to. */
  readonly options = {}
  readonly #pools: WritablePool<pg.Pool>
  readonly #poolSize: number

  constructor(url: DatabaseUrl, options: PoolOptions) {
    this.#poolSize = options.poolSize
    this.#pools = openWritablePool(url.hosts, {
      open: (host) => openPool(url, host, options),
      verify: async (pool) => (await pool.connect()).release(),
      retire,
      close,
      abandon,
    })
  }

  async connect(): Promise<PostgresPoolClient> {
    const pool = await this.#pools.current()
    try {
      return this.#watched(await clientOf(pool), pool)
    } catch (error) {
      // A pool that is only busy says that nothing was free in time; its host is not gone.
      if (pool.totalCount < this.#poolSize) this.#pools.leave(pool)
      throw error
    }
  }

  async end(): Promise<void> {
    await this.#pools.end()
  }

  /** Passes statements on by name; remembers a failure of the connection itself, so that it is not used again. */
  #watched(client: pg.PoolClient, pool: pg.Pool): PostgresPoolClient {
    let failure: unknown
    const query = async (text: any, values?: readonly unknown[]): Promise<any> => {
      // A silent server would be waited for once more, by a rollback that the end of the connection brings anyway.
      if (failure) throw failure
      const name = values && values.length > 0 ? nameOf(text) : undefined
      try {
        return await client.query(name ? { name, text, values: values as unknown[] } : { text, values: values as unknown[] })
      } catch (error) {
        const kind = failureClass(error)
        if (isOutage(kind)) {
          failure = error
          this.#pools.leave(pool, { forAnother: kind === 'elsewhere' })
        }
        throw error
      }
    }
    return { query, release: () => client.release(failure !== undefined) } as PostgresPoolClient
  }
}

/** How long a server may take to be connected to, in milliseconds. The pool has one setting for that and for waiting in line. */
const connectTimeoutMs = 2000

class Connecting extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    // The pool hides the password from whoever copies what it has.
    super({ ...config, password: config?.password, connectionTimeoutMillis: connectTimeoutMs })
  }
}

const idleOf = new WeakMap<pg.Pool, Set<pg.PoolClient>>()
/** Those who stand in line for a connection, by what sends them away. */
const waitingFor = new WeakMap<pg.Pool, Set<(error: Error) => void>>()

async function clientOf(pool: pg.Pool): Promise<pg.PoolClient> {
  const connecting = pool.connect()
  const sentAway = Promise.withResolvers<never>()
  const waiting = waitingFor.get(pool)
  waiting?.add(sentAway.reject)
  try {
    return await Promise.race([connecting, sentAway.promise])
  } catch (error) {
    connecting.then((late) => late.release(true)).catch(() => {})
    throw error
  } finally {
    waiting?.delete(sentAway.reject)
  }
}

/** Whom `pg` would let stand in line of a pool that has ended goes to the next one at once. */
async function close(pool: pg.Pool): Promise<void> {
  const ended = pool.end()
  for (const sendAway of waitingFor.get(pool) ?? []) sendAway(new Error('the pool is closed'))
  await ended
}

function retire(pool: pg.Pool): void {
  const close = (client: pg.PoolClient) => void (client as unknown as pg.Client).end().catch(() => {})
  for (const client of idleOf.get(pool) ?? []) close(client)
  pool.on('release', (_, client) => close(client))
}

function abandon(pool: pg.Pool): void {
  close(pool).catch(() => {})
  for (const client of idleOf.get(pool) ?? []) (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
}

function openPool({ hosts, user, password, database }: DatabaseUrl, { host, port }: DatabaseHost, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...{ host, port, user, password, database, types },
    max: options.poolSize,
    // For a connection that is free; `Connecting` is told how long a server may take. Whoever waits keeps his place in the line.
    connectionTimeoutMillis: 10_000,
    Client: Connecting,
    query_timeout: options.statementTimeoutMs + 500,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 2000,
    application_name: 'skykeel',
    // A frozen controller must not hold its locks: the server ends its session, and its keys are free again.
    options: `-c statement_timeout=${options.statementTimeoutMs} -c lock_timeout=${options.lockTimeoutMs} -c idle_in_transaction_session_timeout=1000 -c TimeZone=UTC -c default_transaction_isolation=read\\ committed`,
    // oxlint-disable-next-line typescript/no-misused-promises -- pg waits for it; its types don't say so
    onConnect: async (client: pg.ClientBase) => {
      if (hosts.length === 1) return
      const { rows } = await client.query("select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as standby")
      if (rows[0].standby) throw new Error(`${host}:${port} is a read-only standby`)
    },
  })
  waitingFor.set(pool, new Set())
  const idle = new Set<pg.PoolClient>()
  idleOf.set(pool, idle)
  pool.on('release', (_, client) => idle.add(client))
  for (const event of ['acquire', 'remove'] as const) pool.on(event, (client) => idle.delete(client))
  // A connection that breaks while it is lent out tells its borrower by the statement that fails; without a listener it would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  pool.on('error', (error) =>
    options.log.warn({ database: `${host}:${port}`, reason: error.message }, 'an idle database connection breaks'),
  )
  return pool
}

/** The query builder's way to PostgreSQL. */
export const postgresKysely = (url: DatabaseUrl, options: PoolOptions): Dialect =>
  new PostgresDialect({ pool: new WritableClients(url, options) })

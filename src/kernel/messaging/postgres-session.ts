import { Socket } from 'node:net'
import pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Session } from './keep-open.ts'
import { askWritable } from './postgres-statements.ts'
import type { Statement } from './postgres-statements.ts'
import { DeadlinePassed } from './waiting.ts'

/** One connection to the writable database. Statements run one after the other. */
export interface PostgresSession extends Session {
  /** Rows of one statement, which is a transaction of its own. A connection whose answer does not come in time is dropped. */
  run<Row>(statement: Statement, values: readonly unknown[], timeoutMs: number): Promise<Row[]>
}

export interface PostgresSessionOptions {
  readonly url: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onNotify: (channel: string, payload: string) => void
}

const connectTimeoutMs = 2000
const checkTimeoutMs = 2000

/** Connects to one host; rejects when it cannot be reached in two seconds or is not writable. */
export async function openPostgresSession({ url, clock, signal, onNotify }: PostgresSessionOptions): Promise<PostgresSession> {
  // Our own socket, since pg has no way to cut a connection whose server is frozen.
  const socket = new Socket()
  const client = new pg.Client({
    connectionString: url,
    stream: () => socket,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    application_name: 'skykeel-messaging',
  })
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
  const drop = (reason: Error) => {
    end(reason)
    socket.destroy()
  }
  client.on('error', drop)
  client.on('end', () => drop(new Error('the database closed the connection')))
  client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''))

  let turn: Promise<unknown> = Promise.resolve()
  async function run<Row>({ name, text }: Statement, values: readonly unknown[], timeoutMs: number): Promise<Row[]> {
    const start = clock.monotonicMs()
    const before = turn
    const mine = Promise.withResolvers<void>()
    turn = mine.promise
    try {
      await before
      const leftMs = timeoutMs - (clock.monotonicMs() - start)
      if (leftMs <= 0) throw new DeadlinePassed('waiting for a turn at the database', timeoutMs)
      return (await query(client, { name, text, values: [...values], query_timeout: Math.ceil(leftMs) }, drop)) as Row[]
    } finally {
      mine.resolve()
    }
  }

  async function check() {
    const [row] = await run<{ writable: boolean }>(askWritable, [], checkTimeoutMs)
    if (!row?.writable) throw new Error('the database is read-only')
  }

  const abort = () => drop(new Error('closed'))
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    await client.connect()
    await check()
  } catch (error) {
    drop(error as Error)
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return { ended, drop, check, run, end: () => client.end() }
}

async function query(client: pg.Client, config: pg.QueryConfig & { query_timeout: number }, drop: (reason: Error) => void) {
  try {
    return (await client.query(config)).rows
  } catch (error) {
    if (!isRefusal(error)) drop(error as Error)
    throw error
  }
}

/** Whether the server understood the statement and would not do it; the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P|25006|53)/.test(error.code ?? '')
}

import { Kysely, PostgresDialect, sql, type PostgresPoolClient } from 'kysely'
import { postgresDialect, type Dialect } from '../../src/kernel/sql/dialect.ts'
import { statementName, type Session, type Sessions } from './sessions.ts'
import { epochMs, type Life, type Stage } from './stage.ts'
import type { Db } from '../../src/kernel/sql/tables.ts'

/** A time that is not known before its statement runs: so many seconds from the start of the transaction. */
class FromNow {
  readonly seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }
}

/** The database's dialect with virtual time for its clock. */
export const virtualDialect: Dialect = {
  ...postgresDialect,
  now: () => sql<Date>`${new FromNow(0)}::timestamptz`,
  fromNow: (seconds) => sql<Date>`${new FromNow(seconds)}::timestamptz`,
}

/** How long a transaction may be idle, and a statement wait for a lock, before the server ends it: as in postgres.ts, in milliseconds. */
const idleLimitMs = 2000
const lockLimitMs = 4000

/** Changes a statement before it runs: for tests that break the control plane on purpose. */
export type Rewrite = (text: string) => string

/** One connection of a simulated process. */
interface Connection {
  session: Session | undefined
  running: Promise<unknown> | undefined
  wantsBegin: boolean
  inTransaction: boolean
  /** When the transaction began, or the last statement ended; virtual milliseconds. */
  beganAt: number
  touchedAt: number
  /** Why it can't be used any more. */
  failure: Error | undefined
}

export interface SimulatedDatabase {
  /** The database as this process sees it. */
  connect(life: Life): Db
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code })

export function simulatedDatabase(stage: Stage, sessions: Sessions, rewrite: Rewrite = (text) => text): SimulatedDatabase {
  const connections = new Map<Life, Set<Connection>>()

  const drop = async (connection: Connection, why: Error) => {
    const { session, running } = connection
    connection.failure = why
    connection.session = undefined
    if (!session) return
    if (running) await sessions.cancel(session)
    await running?.catch(() => {})
    if (connection.inTransaction) await session.client.query('rollback and chain')
    connection.inTransaction = false
    sessions.giveBack(session)
  }

  stage.onDeath(async (life) => {
    for (const connection of connections.get(life) ?? []) await drop(connection, failure('ECONNRESET', 'dead'))
    connections.delete(life)
  })

  stage.onTime(async () => {
    for (const [life, ones] of connections) {
      for (const connection of ones) {
        if (!connection.inTransaction) continue
        const age = stage.nowMs - connection.touchedAt
        if (connection.running && age > lockLimitMs) await sessions.cancel(connection.session!)
        if (connection.running || age <= idleLimitMs) continue
        stage.say(life, 'its idle transaction is ended')
        await drop(connection, failure('25P03', 'terminating connection due to idle-in-transaction timeout'))
      }
    }
  })

  const execute = async (connection: Connection, text: string, values: readonly unknown[] | undefined): Promise<any> => {
    const session = (connection.session ??= await sessions.take(connection.wantsBegin ? 'transaction' : 'single'))
    if (connection.wantsBegin) Object.assign(connection, { wantsBegin: false, inTransaction: true, beganAt: stage.nowMs })
    const at = connection.inTransaction ? connection.beganAt : stage.nowMs
    const real = values?.map((value) => (value instanceof FromNow ? new Date(epochMs + at + value.seconds * 1000) : value))
    connection.touchedAt = stage.nowMs
    const run = rewrite(text)
    const work = session.client.query(real && real.length > 0 ? { name: statementName(run), text: run, values: real } : run)
    connection.running = work
    try {
      return await work
    } catch (error) {
      if ((error as { code?: string }).code === '57014') throw failure('55P03', 'canceling statement due to lock timeout')
      throw error
    } finally {
      connection.running = undefined
      connection.touchedAt = stage.nowMs
    }
  }

  const end = async (connection: Connection, text: string): Promise<any> => {
    const { command } = await connection.session!.client.query(`${text} and chain`)
    connection.inTransaction = false
    return { command, rows: [], rowCount: 0 }
  }

  const query = (life: Life, connection: Connection) => async (text: string, values?: readonly unknown[]) => {
    const isEnd = text === 'commit' || text === 'rollback'
    if (text === 'begin') {
      connection.wantsBegin = true
      return { command: 'BEGIN', rows: [], rowCount: 0 }
    }
    if (isEnd && !connection.inTransaction && !connection.failure) return { command: text.toUpperCase(), rows: [], rowCount: 0 }
    return life.deed({
      kind: isEnd ? 'commit' : 'statement',
      what: isEnd ? text : text.slice(0, 110),
      run: async () => {
        if (connection.failure) throw connection.failure
        return isEnd ? end(connection, text) : execute(connection, text, values)
      },
      isBlocked: async () => isBlocked(connection),
      broken: async () => {
        const why = failure('ECONNRESET', 'the line to the database breaks')
        await drop(connection, why)
        return why
      },
    })
  }

  // A circle of waiters is broken by the database itself, so nobody waits for another's deed there.
  const isBlocked = async ({ session, running }: Connection): Promise<boolean> => {
    if (!session || !running) return false
    const all = [...connections.values()].flatMap((ones) => [...ones])
    const seen = new Set<number>()
    for (let pids = await sessions.blockersOf(session); pids.length > 0;) {
      if (pids.includes(session.pid)) return false
      const next = all.find((one) => one.running && one.session && pids.includes(one.session.pid) && !seen.has(one.session.pid))
      if (!next) return true
      seen.add(next.session!.pid)
      pids = [...(await sessions.blockersOf(next.session!))]
    }
    return false
  }

  return {
    connect(life) {
      const own = new Set<Connection>()
      connections.set(life, own)
      const connect = async (): Promise<PostgresPoolClient> => {
        const connection: Connection = {
          session: undefined,
          running: undefined,
          wantsBegin: false,
          inTransaction: false,
          beganAt: 0,
          touchedAt: 0,
          failure: undefined,
        }
        own.add(connection)
        const release = () => {
          own.delete(connection)
          if (connection.session) sessions.giveBack(connection.session)
        }
        return { query: query(life, connection), release } as unknown as PostgresPoolClient
      }
      return new Kysely<any>({ dialect: new PostgresDialect({ pool: { connect, end: async () => {} } as never }) })
    },
  }
}

/** What a failed statement means for its caller. One table for both families of databases. */
export type FailureClass =
  /** The database undid the transaction to let another pass: run the whole of it again. */
  | 'retry'
  /** This connection or host can't serve (read-only, shutting down, unreachable, silent): drop it, find another, run again. */
  | 'unusable'
  /** This host takes connections but can't work (no majority, disk full): leave it for the next one, run again. */
  | 'elsewhere'
  /** A unique key already holds this value. */
  | 'duplicate'
  /** A referenced row is missing, or a row is still referenced. */
  | 'reference'
  /** The column can't hold this value. */
  | 'value'
  /** Anything else: a bug. */
  | 'final'

// PostgreSQL: https://www.postgresql.org/docs/18/errcodes-appendix.html
const sqlStates: Record<string, FailureClass> = {
  '40001': 'retry',
  '40P01': 'retry',
  '55P03': 'retry',
  '25006': 'unusable',
  '25P03': 'unusable', // idle-in-transaction time-out: the session is gone
  '53100': 'elsewhere', // disk full
  '53300': 'unusable',
  '57P01': 'unusable',
  '57P02': 'unusable',
  '57P03': 'unusable',
  '57P05': 'unusable',
  '57014': 'unusable', // statement time-out: the database may be stuck
  '23505': 'duplicate',
  '23503': 'reference',
  '23001': 'reference',
}

// MariaDB and MySQL: https://mariadb.com/docs/server/reference/error-codes
const errnos: Record<number, FailureClass> = {
  1213: 'retry',
  1205: 'retry',
  1020: 'retry',
  1180: 'retry',
  1021: 'elsewhere', // disk full
  1047: 'elsewhere', // WSREP not ready
  1114: 'elsewhere', // a table is full: its disk is
  1040: 'unusable',
  1053: 'unusable',
  1290: 'unusable',
  1792: 'unusable',
  1836: 'unusable',
  1927: 'unusable',
  1317: 'unusable',
  2002: 'unusable',
  2003: 'unusable',
  2006: 'unusable',
  2013: 'unusable',
  4031: 'unusable',
  1062: 'duplicate',
  1264: 'value',
  1139: 'value', // a regular expression that can't be read
  1366: 'value',
  1406: 'value',
  1292: 'value',
  1451: 'reference',
  1452: 'reference',
}

// The drivers themselves, when there is no server to give a code.
const driverCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // a unix socket that is not there
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
])
// Engines wrap what the kernel says in errors of many numbers.
const fullSentences = /no space left on device|errcode: 28\b|error 28\b/i
const driverSentences =
  /connection terminated|connection ended|query read timeout|timeout exceeded when trying to connect|timeout expired|not queryable|closed state|pool is (ending|closed)|after calling end on the pool|read-only standby/i

/** Says what a thrown error means. Unknown errors are `final`: never retried, never hidden. */
export function failureClass(error: unknown): FailureClass {
  if (!(error instanceof Error)) return 'final'
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  if (typeof code === 'string') {
    if (driverCodes.has(code)) return 'unusable'
    const known = sqlStates[code]
    if (known) return known
    if (/^08\w{3}$/.test(code)) return 'unusable'
    if (/^22\w{3}$/.test(code)) return 'value'
  }
  if (typeof errno === 'number' && errnos[errno]) return errnos[errno]
  if (fullSentences.test(error.message)) return 'elsewhere'
  if (error instanceof AggregateError && error.errors.length > 0) {
    // One answer for each host: while some host may become well, waiting pays.
    const kinds = error.errors.map(failureClass)
    return kinds.find(isOutage) ?? kinds[0]!
  }
  return driverSentences.test(error.message) ? 'unusable' : 'final'
}

/** Whether a failure is the database's own, and another attempt may find it well. */
export const isOutage = (kind: FailureClass): boolean => kind === 'unusable' || kind === 'elsewhere'

/** Whether a unique key refused a row; with `constraint`, whether it was that key. */
export function isDuplicate(error: unknown, constraint?: string): boolean {
  if (failureClass(error) !== 'duplicate') return false
  if (!constraint) return true
  const named = (error as { constraint?: string }).constraint
  return named === constraint || (named === undefined && (error as Error).message.includes(constraint))
}

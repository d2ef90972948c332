import type { Clock, Ids } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'

/** What the balancer's functions are given first. */
export interface Balancing {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** Everything that can be set; the defaults are those of the embedded cloud. */
export interface BalancerOptions {
  readonly checkPath: string
  readonly checkIntervalMs: number
  /** Pause between checks of a backend that is not well, so that its death and its return are both seen at once. */
  readonly checkFastIntervalMs: number
  readonly checkTimeoutMs: number
  /** How many checks in a row must fail before a backend counts as down; one that passes brings it back. */
  readonly checkFall: number
  readonly connectTimeoutMs: number
  /** How long a backend that passes its checks may think: requests rightly wait 10 s for a database. */
  readonly answerTimeoutMs: number
  /** How long a streamed upload waits for the backend's `100 Continue` before it sends the body all the same. */
  readonly continueTimeoutMs: number
  /** How often one request is sent at most. A backend that could not even be reached does not count. */
  readonly attempts: number
  readonly repeatWithinMs: number
  /** How long one request waits, in sum, for any backend to become available. */
  readonly waitForBackendMs: number
  /** A longer body is streamed, and repeated only as long as none of it was sent. */
  readonly repeatableBodyBytes: number
  /** A longer answer, or one of unknown length, is streamed: it can't be repeated once its first byte was passed on. */
  readonly repeatableAnswerBytes: number
  /** Bytes of bodies and answers that all requests together may hold. */
  readonly heldBytes: number
  readonly heldWaitMs: number
  readonly headersTimeoutMs: number
  /** Within which a body that is held must have arrived. */
  readonly bodyTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** After which a client that neither sends nor reads is dropped. */
  readonly clientIdleMs: number
  readonly backendIdleMs: number
  readonly maxHeaderBytes: number
  readonly maxConnections: number
  readonly maxPipelined: number
  readonly stopTimeoutMs: number
  /** Whether X-Forwarded-* of the client is believed: only behind another proxy that sets it. */
  readonly trustForwarded: boolean
}

const kib = 1024
const mib = 1024 * kib

export const defaultOptions: BalancerOptions = {
  checkPath: '/healthcheck',
  checkIntervalMs: 500,
  checkFastIntervalMs: 100,
  checkTimeoutMs: 1_000,
  checkFall: 2,
  connectTimeoutMs: 1_000,
  answerTimeoutMs: 65_000,
  continueTimeoutMs: 5_000,
  attempts: 5,
  repeatWithinMs: 30_000,
  waitForBackendMs: 15_000,
  repeatableBodyBytes: mib,
  repeatableAnswerBytes: 256 * kib,
  heldBytes: 64 * mib,
  heldWaitMs: 5_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  keepAliveTimeoutMs: 65_000,
  clientIdleMs: 120_000,
  backendIdleMs: 30_000,
  maxHeaderBytes: 32 * kib,
  maxConnections: 8_192,
  maxPipelined: 64,
  stopTimeoutMs: 30_000,
  trustForwarded: false,
}

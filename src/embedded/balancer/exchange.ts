import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Holding } from './budget.ts'

/** One request of a client, from its head to the last byte of its answer, over however many attempts. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  readonly path: string
  /** The same for every attempt, above all the Idempotency-Key. */
  readonly headers: readonly string[]
  readonly body: Buffer | Upload
  /** GET, HEAD or OPTIONS: nobody misses it when the client is gone. */
  readonly safe: boolean
  readonly holding: Holding
  /** The client closed its connection. */
  gone: boolean
  /** What must be undone when the client goes: the wait for a backend, or the attempt that runs. */
  onGone: (() => void) | undefined
}

/** A body too long to hold. Once its first byte was sent it can't be sent again. */
export interface Upload {
  readonly head: readonly Buffer[]
  /** Tells the client, if it waits for that, to send its body. */
  readonly invite: () => void
  begun: boolean
}

export const isUpload = (body: Buffer | Upload): body is Upload => !Buffer.isBuffer(body)

/** Whether the request can still be sent to another backend. */
export const isRepeatable = (exchange: Exchange): boolean => !isUpload(exchange.body) || !exchange.body.begun

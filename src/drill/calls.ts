import { Agent, request } from 'node:http'
import type { Clock } from '../kernel/clock.ts'

/** How one request ended. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly startedMs: number
  readonly endedMs: number
  /** 0: no answer came. */
  readonly status: number
  readonly retryAfter: boolean
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: any
  /** The body as it came. */
  readonly text: string
}

/** How long a request took, served or not, in milliseconds. */
export const durationOf = ({ startedMs, endedMs }: Call): number => endedMs - startedMs

/** What a request has beside its body. */
export interface Marks {
  /** Another token than the session's. */
  readonly token?: string | undefined
  /** An Idempotency-Key of its own; without, the cloud's balancer gives it one. */
  readonly key?: string
}

/** Sends one request, once: whatever happens to it is the cloud's doing. Never rejects. */
export type Caller = (method: string, path: string, body?: unknown, marks?: Marks) => Promise<Call>

export interface CallerOptions {
  /** Where paths begin: http://127.0.0.1:7770. */
  readonly url: string
  readonly token: () => string
  /** How long a request may take, in milliseconds. */
  readonly budgetMs: number
}

/** A client that makes no retries of its own. */
export function callerOf({ clock }: { clock: Clock }, { url, token, budgetMs }: CallerOptions): Caller {
  // A new connection for each request: a kept one that the server closes at that moment would need a client's retry.
  const agent = new Agent({ keepAlive: false })
  return (method, path, body, marks = {}) =>
    new Promise((resolve) => {
      const startedMs = clock.monotonicMs()
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const end = (status: number, headers: Call['headers'], text: string) =>
        resolve({
          ...{ method, path, startedMs, endedMs: clock.monotonicMs(), status, headers, text, body: parsed(text) },
          retryAfter: headers['retry-after'] !== undefined,
        })
      const headers = {
        'x-auth-token': marks.token ?? token(),
        ...(marks.key !== undefined && { 'idempotency-key': marks.key }),
        // Without a version placement leaves out what an audit needs.
        ...(path.startsWith('/placement/') && { 'openstack-api-version': 'placement 1.36' }),
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
      }
      const signal = AbortSignal.timeout(budgetMs)
      const late = (error: Error) => (signal.aborted ? `no answer within ${budgetMs / 1000} s` : error.message)
      const outgoing = request(url + path, { method, agent, headers, signal }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', (error) => end(0, {}, late(error)))
        incoming.on('end', () => end(incoming.statusCode!, incoming.headers, Buffer.concat(chunks).toString()))
      })
      outgoing.on('error', (error) => end(0, {}, late(error)))
      outgoing.end(sent)
    })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

import { Agent, request } from 'node:http'

/** How one request ended. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly startedMs: number
  readonly endedMs: number
  /** 0: no answer came. */
  readonly status: number
  readonly retryAfter: boolean
  readonly body: any
}

/** Sends one request, once: whatever happens to it is the cloud's doing. */
export type Caller = (method: string, path: string, body?: unknown) => Promise<Call>

/** A client that makes no retries of its own. */
export function callerOf(url: string, token: string): Caller & { close(): void } {
  // A new connection for each request: a kept one that the server closes at that moment would need a client's retry.
  const agent = new Agent({ keepAlive: false })
  const call: Caller = (method, path, body) =>
    new Promise((resolve) => {
      const startedMs = performance.now()
      const text = body === undefined ? undefined : JSON.stringify(body)
      const end = (status: number, retryAfter: boolean, answer: unknown) =>
        resolve({ method, path, startedMs, endedMs: performance.now(), status, retryAfter, body: answer })
      const headers = {
        'x-auth-token': token,
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      }
      const outgoing = request(url + path, { method, agent, headers }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', (error) => end(0, false, error.message))
        incoming.on('end', () =>
          end(incoming.statusCode!, incoming.headers['retry-after'] !== undefined, parsed(Buffer.concat(chunks).toString())),
        )
      })
      outgoing.on('error', (error) => end(0, false, error.message))
      outgoing.end(text)
    })
  return Object.assign(call, { close: () => agent.destroy() })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

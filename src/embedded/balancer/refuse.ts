import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How the balancer itself answers a request. */
export interface Refusal {
  readonly code: number
  readonly message: string
}

export const refusals = {
  noBackend: {
    code: 503,
    message: 'No instance of the service is available. Please try again later.',
  },
  crowded: { code: 503, message: 'Too many requests are being held. Please try again later.' },
  gaveUp: { code: 502, message: 'No instance of the service answered the request.' },
  tooSlow: { code: 504, message: 'The service did not answer in time.' },
  slowBody: { code: 408, message: 'The request did not arrive in time.' },
  notUnderstood: { code: 400, message: 'The request can not be understood.' },
  tooLong: { code: 431, message: 'The headers of the request are too long.' },
  noUpgrade: { code: 501, message: 'The connection can not be upgraded.' },
} satisfies Record<string, Refusal>

// The form that keystone and most services use.
function bodyOf({ code, message }: Refusal): string {
  return JSON.stringify({ error: { code, title: STATUS_CODES[code], message } })
}

/** Answers a request that no backend answered. */
export function refuse(res: ServerResponse, refusal: Refusal): void {
  if (res.headersSent || res.destroyed) return void res.destroy()
  const { code } = refusal
  const body = bodyOf(refusal)
  res.writeHead(code, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(code === 503 && { 'Retry-After': '5' }),
  })
  res.end(body)
}

/** Answers on a connection whose request could not be read, and closes it. */
export function refuseSocket(socket: Socket, refusal: Refusal): void {
  if (!socket.writable) return void socket.destroy()
  const { code } = refusal
  const body = bodyOf(refusal)
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // The rest of what could not be read is still coming: reading it away lets the client see the answer instead of a reset.
  socket.resume()
  socket.setTimeout(2_000, () => socket.destroy())
}

import type { IncomingMessage } from 'node:http'
import type { Exchange } from './exchange.ts'
import { answerHeaders } from './headers.ts'
import type { BalancerOptions } from './options.ts'

export interface AnswerEvents {
  /** The first byte goes to the client: from here on nothing can be repeated. */
  onPassing(): void
  onProgress(): void
  onEnd(): void
  /** The backend broke off before the answer was whole. */
  onBreak(): void
}

/** Passes a backend's answer to the client: whole once it is there if it is short, as it comes if it is long. */
export function answer(exchange: Exchange, incoming: IncomingMessage, options: BalancerOptions, events: AnswerEvents): void {
  const length = lengthOf(exchange.method, incoming)
  const brief = length !== undefined && length <= options.repeatableAnswerBytes
  if (brief && (length === 0 || exchange.holding.tryHold(length))) collect(exchange, incoming, events)
  else stream(exchange, incoming, events)
}

function collect(exchange: Exchange, incoming: IncomingMessage, events: AnswerEvents): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    events.onProgress()
  })
  incoming.on('error', events.onBreak)
  incoming.on('close', () => {
    if (!incoming.complete) events.onBreak()
  })
  incoming.on('end', () => {
    if (!incoming.complete) return events.onBreak()
    events.onPassing()
    if (!exchange.gone && writeHead(exchange, incoming)) exchange.res.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    events.onEnd()
  })
}

function stream(exchange: Exchange, incoming: IncomingMessage, events: AnswerEvents): void {
  events.onPassing()
  incoming.on('error', events.onBreak)
  incoming.on('end', events.onEnd)
  incoming.on('close', () => {
    if (!incoming.complete) events.onBreak()
  })
  if (exchange.gone || !writeHead(exchange, incoming)) {
    incoming.resume()
    return
  }
  incoming.on('data', events.onProgress)
  incoming.pipe(exchange.res)
}

/** How many bytes of body an answer has; undefined if only its end will tell. */
function lengthOf(method: string, incoming: IncomingMessage): number | undefined {
  const status = incoming.statusCode ?? 0
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  const length = incoming.headers['content-length']
  return length === undefined ? undefined : Number(length)
}

function writeHead({ res }: Exchange, incoming: IncomingMessage): boolean {
  try {
    res.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, answerHeaders(incoming.rawHeaders))
    return true
  } catch {
    // The backend's head holds something that node reads but won't write.
    res.destroy()
    return false
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tryBackends, type Parts } from './attempts.ts'
import { announcedLength, readBody, type Announced, type Body } from './body.ts'
import { openHolding, type Holding } from './budget.ts'
import type { Exchange } from './exchange.ts'
import { countOf, requestHeaders, splitTarget } from './headers.ts'
import type { Balancing, BalancerOptions } from './options.ts'
import { refusals, refuse, type Refusal } from './refuse.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
// How long the rest of a body that nobody wants is read away, so that the client can see why.
const lingerMs = 10_000

/** Sees one request through: reads it, finds a backend that answers, passes the answer on. Never rejects. */
export async function forward(ctx: Balancing, parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { counters, options } = parts
  const holding = openHolding(parts.budget)
  let gone = false
  // oxlint-disable-next-line prefer-const -- the listener below needs it before it is there
  let exchange: Exchange | undefined
  counters.requests++
  res.on('close', () => {
    holding.release()
    if (res.writableFinished) return
    counters.unfinished++
    gone = true
    if (!exchange) return
    exchange.gone = true
    exchange.onGone?.()
  })
  const finish = (refused: Refusal | undefined) => {
    if (refused && !gone) {
      counters.refused[refused.code] = (counters.refused[refused.code] ?? 0) + 1
      refuse(res, refused)
    }
    if (!req.complete) linger(req)
  }

  const wrong = whatIsWrong(req)
  if (wrong) return finish(wrong)
  const announced = announcedLength(req)
  const invite = invitation(req, res)
  const reading = readBody(req, { announced, holding, readyToRead: invite }, options)
  const body = reading instanceof Promise ? await reading : reading
  if (gone) return
  if (body.kind === 'failed') return finish(body.why === 'crowded' ? refusals.crowded : refusals.slowBody)
  exchange = exchangeOf(ctx, { req, res, body, announced, invite, holding }, options)
  finish(await tryBackends(ctx, parts, exchange))
}

function whatIsWrong(req: IncomingMessage): Refusal | undefined {
  // Two hosts are two readings of one request: which one this proxy takes and which the service takes must not differ.
  if (countOf(req.rawHeaders, 'host') > 1) return refusals.notUnderstood
  // An offer to go on in HTTP/2 may be ignored (RFC 9110, 7.8); a WebSocket would not do without.
  if (req.headers.upgrade !== undefined && !/^h2c?\b/i.test(req.headers.upgrade)) return refusals.noUpgrade
  return undefined
}

/** Tells a client that waits for it (`Expect: 100-continue`) to send its body; once. */
function invitation(req: IncomingMessage, res: ServerResponse): () => void {
  if (req.headers.expect === undefined) return () => {}
  // A client that is answered without having been invited may send its body or not: only a new connection is unambiguous.
  res.shouldKeepAlive = false
  let invited = false
  return () => {
    if (invited || res.headersSent) return
    invited = true
    res.shouldKeepAlive = true
    res.writeContinue()
  }
}

interface Read {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly body: Extract<Body, { kind: 'whole' | 'large' }>
  readonly announced: Announced
  readonly invite: () => void
  readonly holding: Holding
}

function exchangeOf(ctx: Balancing, { req, res, body, announced, invite, holding }: Read, options: BalancerOptions): Exchange {
  const method = req.method ?? 'GET'
  const safe = safeMethods.has(method)
  const target = splitTarget(req.url ?? '/')
  const own = req.socket.address() as AddressInfo
  const headers = requestHeaders(req.rawHeaders, {
    clientAddress: req.socket.remoteAddress ?? 'unknown',
    proto: 'http',
    targetHost: target.host,
    ownHost: `${own.family === 'IPv6' ? `[${own.address}]` : own.address}:${own.port}`,
    newKey: safe ? undefined : ctx.ids.uuid,
    length: body.kind === 'large' || announced === 'none' ? announced : body.bytes.length,
    expectContinue: body.kind === 'large',
    trustForwarded: options.trustForwarded,
  })
  const content = body.kind === 'whole' ? body.bytes : { head: body.head, invite, begun: false }
  return {
    req,
    res,
    method,
    path: target.path,
    headers,
    body: content,
    safe,
    holding,
    gone: false,
    onGone: undefined,
  }
}

function linger(req: IncomingMessage): void {
  req.resume()
  const timer = setTimeout(() => req.complete || req.socket.destroy(), lingerMs)
  req.on('close', () => clearTimeout(timer))
}

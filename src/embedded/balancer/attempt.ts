import { request, type ClientRequest } from 'node:http'
import { waitedHeader } from '../../kernel/http/waited.ts'
import { answer } from './answer.ts'
import type { Backend } from './backend.ts'
import { isRepeatable, isUpload, type Exchange, type Upload } from './exchange.ts'
import type { BalancerOptions } from './options.ts'

export type Outcome =
  /** The client has its answer, or is gone and needs none. */
  | 'answered'
  /** No connection: the backend has not seen the request. */
  | 'unreachable'
  /** The connection broke before the answer was whole; the backend may have done the work. */
  | 'broken'
  /** Taken away from a backend that froze. */
  | 'moved'
  /** No answer in time from a backend that passes its checks. */
  | 'late'
  /** The answer broke after its first byte had been passed on; the client sees it break too. */
  | 'cut'
  /** The request can't be put on the wire. */
  | 'malformed'

/** Sends the request, which has waited for so long, to one backend and passes its answer on. Never rejects. */
export function attempt(
  backend: Backend,
  { exchange, waitedMs }: { exchange: Exchange; waitedMs: number },
  options: BalancerOptions,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { body } = exchange
  const outgoing = open(backend, exchange, waitedMs)
  if (!outgoing) return Promise.resolve('malformed')

  let passingOn = false
  const end = (outcome: Outcome) => {
    if (!backend.attempts.delete(run)) return
    clearTimeout(timer)
    exchange.onGone = undefined
    // An upload that was answered early leaves a connection on which half a body is still owed.
    if (outcome !== 'answered' || (isUpload(body) && !outgoing.writableFinished)) outgoing.destroy()
    resolve(outcome)
  }
  const fail = (outcome: Outcome) => {
    // What closes after the end is no failure.
    if (!backend.attempts.has(run)) return
    if (passingOn) exchange.res.destroy()
    end(passingOn ? 'cut' : outcome)
  }
  const run = {
    move: () => {
      if (!passingOn && isRepeatable(exchange)) end('moved')
    },
  }
  const timer = setTimeout(() => fail('late'), options.answerTimeoutMs)
  const progress = () => {
    if (backend.attempts.has(run)) timer.refresh()
  }

  backend.attempts.add(run)
  exchange.onGone = () => {
    // A change whose body is known is let finish: the client can't tell any more whether it was done, but a repeat can.
    if (!exchange.safe && !passingOn && !isUpload(body)) return
    end('answered')
    outgoing.destroy()
  }
  outgoing.on('error', () => fail(outgoing.socket && backend.reached.has(outgoing.socket) ? 'broken' : 'unreachable'))
  outgoing.on('close', () => fail('broken'))
  outgoing.on('response', (incoming) => {
    answer(exchange, incoming, options, {
      onPassing: () => (passingOn = true),
      onProgress: progress,
      onEnd: () => end('answered'),
      onBreak: () => fail('broken'),
    })
  })
  if (isUpload(body)) sendUpload(outgoing, exchange, body, options, progress)
  else if (body.length > 0) outgoing.end(body)
  else outgoing.end()
  return promise
}

function open(backend: Backend, exchange: Exchange, waitedMs: number): ClientRequest | undefined {
  const { host, port } = backend.address
  const { method, path } = exchange
  const headers = waitedMs > 0 ? [...exchange.headers, waitedHeader, `${waitedMs}`] : exchange.headers
  try {
    return request({ agent: backend.agent, host, port, method, path, headers })
  } catch {
    return undefined
  }
}

/**
 * Streams a long body once the backend has said that it reads: up to then the request can go elsewhere, which makes even an
 * upload safe from a backend that just froze. A backend that never says so gets the body after a while.
 */
function sendUpload(outgoing: ClientRequest, exchange: Exchange, body: Upload, options: BalancerOptions, onProgress: () => void) {
  const { req } = exchange
  const begin = () => {
    clearTimeout(timer)
    if (outgoing.destroyed || body.begun) return
    body.begun = true
    body.invite()
    for (const chunk of body.head) outgoing.write(chunk)
    req.on('data', onProgress)
    req.pipe(outgoing)
  }
  const stop = () => {
    clearTimeout(timer)
    req.off('data', onProgress)
    req.unpipe(outgoing)
  }
  const timer = setTimeout(begin, options.continueTimeoutMs)
  outgoing.on('continue', begin)
  outgoing.on('response', () => clearTimeout(timer))
  outgoing.on('close', stop)
}

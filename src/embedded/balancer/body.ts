import type { IncomingMessage } from 'node:http'
import type { Holding } from './budget.ts'
import type { BalancerOptions } from './options.ts'

/** A request's body as far as it was read. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** Too long to hold: what was read so far, the rest still to come. */
  | { readonly kind: 'large'; readonly head: readonly Buffer[] }
  | { readonly kind: 'failed'; readonly why: 'late' | 'crowded' | 'gone' }

/** How long the client says the body is; undefined if it comes in chunks, 'none' if the request has none. */
export type Announced = number | undefined | 'none'

const empty: Body = { kind: 'whole', bytes: Buffer.alloc(0) }

export function announcedLength(req: IncomingMessage): Announced {
  if (req.headers['transfer-encoding'] !== undefined) return undefined
  const length = req.headers['content-length']
  return length === undefined ? 'none' : Number(length)
}

/** Reads a body into memory, so that it can be sent again, or finds that it is too long for that. */
export function readBody(
  req: IncomingMessage,
  options: { announced: Announced; holding: Holding; readyToRead: () => void },
  limits: BalancerOptions,
): Promise<Body> | Body {
  const { announced, holding } = options
  if (announced === 'none' || announced === 0) return empty
  if (announced !== undefined && announced > limits.repeatableBodyBytes) return { kind: 'large', head: [] }
  const { promise, resolve } = Promise.withResolvers<Body>()
  const chunks: Buffer[] = []
  let length = 0

  const end = (body: Body) => {
    clearTimeout(timer)
    req.off('data', take).off('end', whole).off('close', gone).off('error', gone)
    if (body.kind !== 'whole') req.pause()
    resolve(body)
  }
  const whole = () =>
    end({
      kind: 'whole',
      bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length),
    })
  const gone = () => end({ kind: 'failed', why: 'gone' })
  const take = (chunk: Buffer) => {
    length += chunk.length
    chunks.push(chunk)
    if (length > limits.repeatableBodyBytes) return end({ kind: 'large', head: chunks })
    if (holding.tryHold(chunk.length)) return
    req.pause()
    void holding.hold(chunk.length, limits.heldWaitMs).then((held) => {
      if (held) req.resume()
      else end({ kind: 'failed', why: 'crowded' })
    })
  }
  const timer = setTimeout(() => end({ kind: 'failed', why: 'late' }), limits.bodyTimeoutMs)
  req.on('data', take).on('end', whole).on('close', gone).on('error', gone)
  options.readyToRead()
  return promise
}

import { invalid } from '../errors.ts'
import { requestKey, type RequestKey } from '../idempotency/keys.ts'
import type { RequestContext } from './route.ts'

/** The key of a request, by the header that its sender or the balancer gave it; a new one each time if nobody did. */
export function keyOf(ctx: RequestContext, body: Buffer): RequestKey {
  const key = ctx.request.headers['idempotency-key']
  // Without a key the outcome of a lost COMMIT can't be told, so a request that brings none gets one of its own.
  const given = typeof key === 'string' && key !== '' ? key : ctx.ids.uuid()
  if (given.length > 255) throw invalid('An Idempotency-Key has at most 255 characters.')
  const path = `${ctx.request.baseUrl.replace(ctx.request.rootUrl, '')}${ctx.request.path}?${ctx.request.search}`
  return requestKey(ctx.vault, { user: ctx.who, key: given, method: ctx.request.method, path, body })
}

import { created, noContent, ok, type Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'
import { since } from './since.ts'

/** When something last changed; nothing said means now, for what is computed at the moment. */
export type Changed = Date | readonly Date[] | undefined

function lastOf(ctx: RequestContext, changed: Changed): Date {
  const dates: readonly Date[] = changed instanceof Date ? [changed] : (changed ?? [])
  return dates.length === 0 ? ctx.clock.now() : new Date(Math.max(...dates.map((date) => date.getTime())))
}

const freshness = (ctx: RequestContext, changed: Changed): Record<string, string> =>
  since(ctx, '1.15', { 'last-modified': lastOf(ctx, changed).toUTCString(), 'cache-control': 'no-cache' })

/** 200 with the time of the last change, which clients see since 1.15. */
export const okFresh = (ctx: RequestContext, body: unknown, changed?: Changed): Answer => ok(body, freshness(ctx, changed))

/** 200 with the place where it is now. */
export const okAt = (ctx: RequestContext, path: string, body: unknown, changed?: Changed): Answer =>
  ok(body, { location: ctx.request.baseUrl + path, ...freshness(ctx, changed) })

/** 201 with the place of what is new. */
export const createdAt = (ctx: RequestContext, path: string, body?: unknown, changed?: Changed): Answer =>
  created(body, { location: ctx.request.baseUrl + path, ...(body !== undefined && freshness(ctx, changed)) })

/** 204 with the time of the last change. */
export const emptyFresh = (ctx: RequestContext, changed?: Changed, path?: string): Answer =>
  noContent({ ...(path && { location: ctx.request.baseUrl + path }), ...freshness(ctx, changed) })

/** Where the service is mounted, as links have it: '/placement', or '' on the native port. */
export const mountOf = (ctx: RequestContext): string => ctx.request.baseUrl.slice(ctx.request.rootUrl.length)

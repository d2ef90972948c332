import { parseVersion } from '../kernel/http/schema.ts'
import type { RequestContext } from '../kernel/http/route.ts'

/** Whether the client speaks `version` ('1.15') or a later one. */
export const speaks = (ctx: RequestContext, version: string): boolean => ctx.version !== undefined && ctx.version >= parseVersion(version)!

/** The part of a view that exists since a version. */
export const since = <T extends object>(ctx: RequestContext, version: string, part: T): T | Record<string, never> =>
  speaks(ctx, version) ? part : {}

import type { Context } from '../context.ts'
import type { Fault } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { RequestContext, RequestHead, Route } from './route.ts'
import type { Version } from './schema.ts'

/** What a service gives to the front door. The kernel knows nothing else of it. */
export interface App {
  /** Its name, such as nova-api: for metrics, logs and health. */
  readonly name: string
  readonly routes: readonly Route[]
  /** Nothing is found at a path with a slash at its end; else such a slash means the same as none. */
  readonly slashCounts?: boolean
  /** Which version the client wants; throws a Fault for one that there is not. APIs without versions leave it out. */
  version?(head: RequestHead): Version
  /** Who asks: completes the context, or throws `unauthenticated`. Called for every route whose rule isn't 'public'. */
  authenticate(ctx: RequestContext): Promise<RequestContext>
  /** Throws `forbidden` unless policy allows the rule to the one who asks. */
  authorize(ctx: RequestContext, rule: string, params: Readonly<Record<string, string>>): void
  /** A refusal or a failure in this service's own words. */
  fault(fault: Fault, ctx: RequestContext | undefined, requestId: string): Answer
  /** Headers of every answer: versions, Vary. */
  headers(ctx: RequestContext | undefined, requestId: string): Record<string, string>
}

/** Makes the context of a request before it is known who asks. */
export function requestContext(base: Context, request: RequestHead, version: Version | undefined): RequestContext {
  return { ...base, who: 'anonymous', request, version }
}

import { unauthenticated, type Fault } from '../kernel/errors.ts'
import { isAllowedBy } from './access-rules.ts'
import { enforce, ownTarget, type Policy, type PolicyRule } from './policy.ts'
import type { IncomingHttpHeaders } from 'node:http'
import type { Background } from '../kernel/again-and-again.ts'
import type { Context } from '../kernel/context.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { App } from '../kernel/http/app.ts'
import { routesFor, type RequestContext, type Route } from '../kernel/http/route.ts'
import type { SagaDefinition } from '../kernel/sagas/saga.ts'
import type { CloudContext, Subject } from './context.ts'
import type { Microversions } from './microversions.ts'

/** Declares the routes of a service; see `routesFor`. */
export const { route, plain, actions, action } = routesFor<CloudContext>()

/** A chore, such as forgetting what is too old. */
export interface Upkeep {
  readonly name: string
  readonly everySeconds: number
  /** `controller` is the process's name among its peers. */
  run(ctx: Context, controller: string): Promise<unknown>
}

/** Everything that a service is to the rest of the program. */
export interface Service {
  /** nova-api, keystone-api, … */
  readonly name: string
  readonly routes: readonly Route[]
  readonly policies: readonly PolicyRule[]
  readonly sagas?: readonly SagaDefinition[]
  readonly microversions?: Microversions
  /** Nothing is found at a path with a slash at its end; else such a slash means the same as none. */
  readonly slashCounts?: boolean
  /** What it does from time to time on every instance; harmless when several do it at once. */
  readonly upkeep?: readonly Upkeep[]
  /** What it runs beside its requests in a process that plays these roles; `controller` is the process's name among its peers. */
  background?(ctx: Context, roles: ReadonlySet<string>, controller: string): Promise<Background>
  /** A refusal in this service's own words: its dialect of errors. */
  fault(fault: Fault, ctx: RequestContext | undefined, requestId: string): Answer
  /** What the service says when policy refuses a rule; keystone's sentence unless given. */
  readonly forbiddenWording?: (rule: string) => string
  /** Headers of every answer beside the request id's. */
  headers?(ctx: RequestContext | undefined, requestId: string): Record<string, string>
}

/** Finds out whom a token speaks for; undefined for a token that is not (or no longer) valid. */
export type Tokens = (ctx: RequestContext, token: string) => Promise<Subject | undefined>

/** As OpenStack's clients send it, or as those of OAuth 2.0 do. */
function tokenIn({ 'x-auth-token': token, authorization }: IncomingHttpHeaders): string | undefined {
  return typeof token === 'string' ? token : /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Makes of a service what the front door serves; `type` is its type in the catalog. */
export function appOf(service: Service, { type, tokens, policy }: { type: string; tokens: Tokens; policy: Policy }): App {
  const headers = (ctx: RequestContext | undefined, requestId: string) => ({
    'x-openstack-request-id': requestId,
    ...service.microversions?.headers(ctx?.version),
    ...service.headers?.(ctx, requestId),
  })
  return {
    name: service.name,
    routes: service.routes,
    ...(service.slashCounts && { slashCounts: true }),
    ...(service.microversions && { version: (head) => service.microversions!.choose(head) }),
    async authenticate(ctx) {
      const token = tokenIn(ctx.request.headers)
      const subject = token ? await tokens(ctx, token) : undefined
      if (!subject || !isWithinRules(subject, type, ctx)) throw unauthenticated('The request you have made requires authentication.')
      return { ...ctx, who: subject.userId, subject, policy } as CloudContext
    },
    authorize(ctx, rule) {
      const cloud = ctx as CloudContext
      enforce(cloud, rule, ownTarget(cloud.subject), service.forbiddenWording)
    },
    fault(fault, ctx, requestId) {
      const answer = service.fault(fault, ctx, requestId)
      const retry = fault.details.retryAfterSeconds
      return {
        ...answer,
        headers: {
          ...headers(ctx, requestId),
          ...(retry && { 'retry-after': String(retry) }),
          ...fault.details.headers,
          ...answer.headers,
        },
      }
    },
    headers,
  }
}

/** An application credential may be good for certain requests only; with it, others are as if there was no token. */
function isWithinRules({ applicationCredential }: Subject, service: string, { request: { method, path } }: RequestContext): boolean {
  const rules = applicationCredential?.accessRules
  return !rules || isAllowedBy(rules, { service, method, path })
}

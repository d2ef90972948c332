import type { IncomingMessage } from 'node:http'
import type { Static, TSchema } from 'typebox'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../sql/tables.ts'
import type { Answer } from './answer.ts'
import type { Marks, Version } from './schema.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Pattern = `${Method} /${string}`

/** What a handler knows of the request beyond its input. */
export interface RequestContext extends Context {
  /** Who asks, as one text: the scope of idempotency keys. */
  readonly who: string
  readonly request: RequestHead
  /** The version of the API that the client speaks, where the API has versions. */
  readonly version: Version | undefined
}

export interface RequestHead {
  readonly method: string
  /** The path below the service's prefix, still encoded. */
  readonly path: string
  readonly search: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The service's own address as the client wrote it, without a slash at the end: http://host:port/compute. */
  readonly baseUrl: string
  /** The address of the whole cloud: http://host:port. Equal to baseUrl on a native port. */
  readonly rootUrl: string
}

type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never

export interface Input<P extends string, Q, B> {
  readonly params: { readonly [Name in ParamNames<P>]: string }
  readonly query: Q
  readonly body: B
  /** The request itself, for bodies that are no JSON. Only where the route says `raw`. */
  readonly incoming: IncomingMessage
}

type Schema<S> = S extends TSchema ? Static<S> : unknown

/** One thing that a client can ask for. */
export interface OperationSpec<
  C,
  P extends string,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
  D,
  R = undefined,
> extends Marks {
  /** The policy rule that must allow it; 'public' needs no token. */
  readonly rule: string
  readonly query?: Q
  /** The schema of the JSON body. A mutating route without one takes no body (and ignores what is sent). */
  readonly body?: B
  /** Whether the body must be JSON text of this media type; `application/json` unless said otherwise. */
  readonly mediaType?: RegExp
  /**
   * false: a POST that changes nothing (or owns its transactions, as uploads do). It gets the pool instead of a
   * transaction, and no idempotency key.
   */
  readonly mutates?: boolean
  /** The handler reads `incoming` itself. */
  readonly raw?: boolean
  /**
   * Done before the transaction: what takes its time and is no SQL, such as hashing a password. `run` finds the result
   * as `prepared`. What it refuses is refused, unless the request was done before.
   */
  prepare?(ctx: C, input: Input<P, Schema<Q>, Schema<B>>): Promise<R>
  run(ctx: C, db: D, input: Input<P, Schema<Q>, Schema<B>> & { readonly prepared: R }): Promise<Answer> | Answer
}

/** An operation without its types, as the machinery sees it. */
export type Operation = OperationSpec<any, any, any, any, any, any>

export interface Route extends Marks {
  readonly method: Method
  readonly path: string
  readonly operation?: Operation
  /** For `POST …/action`: the operation by the one key of the body. */
  readonly actions?: Readonly<Record<string, Operation | readonly Operation[]>>
}

type DbOf<P extends string> = P extends `GET ${string}` | `HEAD ${string}` ? Db : Tx

/** Declares a route. `C` is the service's context; write `const route = routesFor<CloudContext>()` once a service. */
export function routesFor<C extends RequestContext>() {
  return {
    /** `GET` reads from the pool; everything else runs in one transaction, once for each idempotency key. */
    route<P extends Pattern, Q extends TSchema | undefined = undefined, B extends TSchema | undefined = undefined, R = undefined>(
      pattern: P,
      spec: OperationSpec<C, P, Q, B, DbOf<P>, R>,
    ): Route {
      const [method, path] = pattern.split(' ') as [Method, string]
      return { method, path, operation: spec, ...(spec.since && { since: spec.since }), ...(spec.until && { until: spec.until }) }
    },
    /** `POST …/action`: one key in the body names what to do. */
    actions<P extends Pattern>(pattern: P, actions: NonNullable<Route['actions']>): Route {
      const [method, path] = pattern.split(' ') as [Method, string]
      return { method, path, actions }
    },
    /** One action of such a route; `body` is the schema of the whole body, key included. */
    action<B extends TSchema | undefined = undefined>(spec: OperationSpec<C, '/:id', undefined, B, Tx>): Operation {
      return spec
    },
    /** A route that reads or streams by itself: no transaction around it, whatever its method. */
    plain<P extends Pattern, Q extends TSchema | undefined = undefined, B extends TSchema | undefined = undefined>(
      pattern: P,
      spec: OperationSpec<C, P, Q, B, Db>,
    ): Route {
      const [method, path] = pattern.split(' ') as [Method, string]
      return {
        method,
        path,
        operation: { ...spec, mutates: false },
        ...(spec.since && { since: spec.since }),
        ...(spec.until && { until: spec.until }),
      }
    },
  }
}

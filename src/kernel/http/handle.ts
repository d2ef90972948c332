import type { IncomingMessage } from 'node:http'
import { forWork, type Context } from '../context.ts'
import { Fault, invalid, methodNotAllowed, notFound } from '../errors.ts'
import { keepAnswer, takeKey, type RequestKey } from '../idempotency/keys.ts'
import { failureClass, isOutage } from '../sql/failures.ts'
import { persistently, transaction } from '../sql/transaction.ts'
import { flatten, type Answer, type FlatAnswer } from './answer.ts'
import { requestContext, type App } from './app.ts'
import { parseJson, readBody } from './body.ts'
import { readQuery } from './query.ts'
import { keyOf } from './request-key.ts'
import { chooseRoute, type Choice, type Router } from './router.ts'
import { assertValid, existsAt, formatVersion, type Version } from './schema.ts'
import { waitedMs } from './waited.ts'
import type { Tx } from '../sql/tables.ts'
import type { Operation, RequestContext, RequestHead, Route } from './route.ts'

/** What became of a request: the answer, and the route for metrics. */
export interface Handled {
  readonly answer: Answer
  readonly route: string
}

/** One request, from head to answer. The order is the same for all: who, which version, which route, may they, is it well-formed, do it. */
export async function handle(
  app: App,
  router: Router,
  base: Context,
  head: RequestHead,
  incoming: IncomingMessage,
  requestId: string,
): Promise<Handled> {
  let ctx: RequestContext | undefined
  let route = 'none'
  try {
    const work = forWork(base, requestId, waitedMs(head))
    const match = router.match(head.path)
    ctx = requestContext(work, head, undefined)
    const known = ctx
    const isPublic = match?.routes.some(
      (candidate) => candidate.route.operation?.rule === 'public' && candidate.route.method === head.method,
    )
    if (!isPublic) ctx = await persistently(ctx, 'authenticate', () => app.authenticate(known))
    ctx = { ...ctx, version: isPublic ? tolerantVersion(app, head) : app.version?.(head) }
    if (!match) throw notFound('The resource could not be found.', { type: 'route' })
    const choice = chooseRoute(match, head.method, ctx.version)
    if (!choice)
      throw methodFault(
        match.routes.map((candidate) => candidate.route),
        ctx,
      )
    route = choice.route.path
    const answer = await perform(app, ctx, choice, incoming)
    return { answer: { ...answer, headers: { ...app.headers(ctx, requestId), ...answer.headers } }, route }
  } catch (error) {
    return { answer: faultAnswer(app, ctx, error, base, requestId), route }
  }
}

// Version documents and the like are there for clients of any version.
function tolerantVersion(app: App, head: RequestHead): Version | undefined {
  try {
    return app.version?.(head)
  } catch {
    return undefined
  }
}

function methodFault(routes: readonly Route[], { request, version }: RequestContext): Fault {
  if (version !== undefined && routes.some((route) => route.method === request.method)) {
    return notFound(`API version ${formatVersion(version)} is not supported on this method.`, { type: 'version' })
  }
  const methods = [...new Set(routes.map((route) => route.method))]
  return methodNotAllowed('The method is not allowed for this resource.', { type: 'route', headers: { allow: methods.join(', ') } })
}

async function perform(app: App, ctx: RequestContext, { route, params }: Choice, incoming: IncomingMessage): Promise<Answer> {
  if (route.operation) {
    const { operation } = route
    if (operation.rule !== 'public') app.authorize(ctx, operation.rule, params)
    const query = operation.query ? readQuery(ctx.request.search, operation.query) : Object.fromEntries(ctx.request.search)
    if (operation.query) assertValid(operation.query, 'query', query, ctx.version)
    if (operation.raw) return operation.run(ctx, ctx.db, { params, query, body: undefined, incoming } as never)
    const raw = reads(route) ? Buffer.alloc(0) : await readBody(incoming)
    const body = operation.body ? parseJson(raw, incoming.headers['content-type'], operation.mediaType) : undefined
    if (operation.body) assertValid(operation.body, 'body', body, ctx.version)
    return execute(app, ctx, route, operation, { params, query, body, incoming }, raw)
  }
  const raw = await readBody(incoming)
  const body = parseJson(raw, incoming.headers['content-type'])
  const operation = actionOf(route, body, ctx.version)
  app.authorize(ctx, operation.rule, params)
  if (operation.body) assertValid(operation.body, 'body', body, ctx.version)
  return execute(app, ctx, route, operation, { params, query: {}, body, incoming }, raw)
}

function actionOf(route: Route, body: unknown, version: Version | undefined): Operation {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const names = isObject ? Object.keys(body) : []
  if (names.length !== 1) throw invalid('There is no such action', { type: 'action' })
  const named = Object.hasOwn(route.actions!, names[0]!) ? route.actions![names[0]!]! : []
  const operation = [named].flat().find((candidate) => existsAt(candidate, version))
  if (!operation) throw invalid(`There is no such action: ${names[0]!.slice(0, 64)}`, { type: 'action' })
  return operation
}

const reads = (route: Route): boolean => route.method === 'GET' || route.method === 'HEAD'

type AnyInput = { params: object; query: unknown; body: unknown; incoming: IncomingMessage }

/** Reads run from the pool. A change runs in one transaction with its idempotency key: done once, answered alike each time. */
async function execute(app: App, ctx: RequestContext, route: Route, operation: Operation, input: AnyInput, raw: Buffer): Promise<Answer> {
  const name = `${route.method} ${route.path}`
  if (route.method === 'GET' || operation.mutates === false)
    return persistently(ctx, name, async () => operation.run(ctx, ctx.db, input as never))
  const key = keyOf(ctx, raw)
  const prepared = await preparation(ctx, name, operation, input)
  try {
    return await once(ctx, name, key, async (tx) => operation.run(ctx, tx, { ...input, prepared: prepared() } as never))
  } catch (error) {
    // Another attempt of this request may be held up somewhere: it must not do later what its client was told is refused.
    const canComeAgain = ctx.request.headers['idempotency-key'] !== undefined
    if (!(error instanceof Fault) || error.kind === 'unavailable' || !canComeAgain) throw error
    return once(ctx, `${name} (refusal)`, key, async () => app.fault(error, ctx, ctx.requestId))
  }
}

/** Answers from the key if it was used before; else does the work, and keeps its answer, in one transaction with the key. */
async function once(ctx: RequestContext, name: string, key: RequestKey, work: (tx: Tx) => Promise<Answer>): Promise<Answer> {
  return transaction(ctx, name, async (tx) => {
    const before = await takeKey(ctx, tx, key)
    if (before) return unflatten({ ...before, headers: { ...before.headers, 'idempotency-replayed': 'true' } })
    const answer = flatten(await work(tx))
    await keepAnswer(ctx, tx, key, answer)
    return unflatten(answer)
  })
}

// A request that was done before is answered from its key, even if it could not be prepared any more.
async function preparation(ctx: RequestContext, name: string, operation: Operation, input: AnyInput): Promise<() => unknown> {
  if (!operation.prepare) return () => undefined
  try {
    const value: unknown = await persistently(ctx, `${name} (prepare)`, async () => operation.prepare!(ctx, input as never))
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

const unflatten = ({ status, headers, body }: FlatAnswer): Answer => ({ status, headers, ...(body !== '' && { text: body }) })

function faultAnswer(app: App, ctx: RequestContext | undefined, error: unknown, base: Context, requestId: string): Answer {
  if (error instanceof Fault) return app.fault(error, ctx, requestId)
  const kind = failureClass(error)
  if (kind === 'value') return app.fault(invalid('A value in the request is out of range.'), ctx, requestId)
  const log = ctx?.log ?? base.log
  if (isOutage(kind) || kind === 'retry') {
    log.warn({ reason: (error as Error).message }, 'the database goes away during a request')
    return app.fault(new Fault('unavailable', 'The database is not available at the moment.', { retryAfterSeconds: 2 }), ctx, requestId)
  }
  log.error({ error: error instanceof Error ? error.stack : String(error), path: ctx?.request.path }, 'a request fails on a bug')
  return app.fault(new Fault('internal', 'An unexpected error prevented the server from fulfilling your request.'), ctx, requestId)
}

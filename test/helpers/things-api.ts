import { Type } from 'typebox'
import { Fault, forbidden, invalid, unauthenticated } from '../../src/kernel/errors.ts'
import { created, noContent, ok } from '../../src/kernel/http/answer.ts'
import { openHealth } from '../../src/kernel/http/health.ts'
import { routesFor, type RequestContext } from '../../src/kernel/http/route.ts'
import { parseVersion } from '../../src/kernel/http/schema.ts'
import { listen, type HttpServer } from '../../src/kernel/http/server.ts'
import { clientOf, type Client } from './client.ts'
import { bump, someThings, type DatabaseName, type Things } from './things.ts'
import type { App } from '../../src/kernel/http/app.ts'
import type { Kysely } from 'kysely'

const { route, plain, actions, action } = routesFor<RequestContext>()
const strict = { additionalProperties: false }
const NewThing = Type.Object(
  { name: Type.String({ maxLength: 200 }), count: Type.Optional(Type.Integer()), color: Type.Optional(Type.String({ since: '2.5' })) },
  strict,
)
const ThingQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  deleted: Type.Optional(Type.Boolean()),
  tag: Type.Optional(Type.Array(Type.String())),
})

/** A service that knows no OpenStack, to prove what the kernel does for all. */
export interface ThingsApi {
  readonly things: Things
  readonly server: HttpServer
  /** Requests that `GET /slow` holds back; each ends when it is called. */
  readonly slow: (() => void)[]
  readonly alice: Client
  readonly bob: Client
  readonly anonymous: Client
  url: string
  close(): Promise<void>
}

const statuses: Partial<Record<Fault['kind'], number>> = {
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  conflict: 409,
  tooLarge: 413,
  unsupportedMedia: 415,
  unprocessable: 422,
  unavailable: 503,
  internal: 500,
}

/** Opens it under /api, on a database with things. */
export async function thingsApi(database: DatabaseName, options: { corsOrigins?: readonly string[] } = {}): Promise<ThingsApi> {
  const things = await someThings(database)
  const slow: (() => void)[] = []
  const routes = [
    route('GET /', { rule: 'public', run: () => ok({ versions: ['2.1'] }) }),
    route('GET /things', { rule: 'see', query: ThingQuery, run: (_ctx, _db, { query }) => ok({ query }) }),
    route('POST /things', {
      rule: 'make',
      body: NewThing,
      async run(ctx, tx, { body }) {
        if (!(await ctx.dialect.insertIfAbsent(tx, 'things', { name: body.name, count: body.count ?? 0 })))
          throw new Fault('conflict', 'taken')
        if (body.count === 13) throw invalid('unlucky')
        return created({ thing: body, color: body.color ?? null }, { 'x-made': body.name })
      },
    }),
    route('GET /things/fixed', { rule: 'see', run: () => ok({ fixed: true }) }),
    route('GET /things/:name', {
      rule: 'see',
      run: (ctx, _db, { params }) => ok({ ...params, href: ctx.request.baseUrl, version: ctx.version }),
    }),
    route('GET /things/:name/old', { rule: 'see', until: '2.4', run: () => ok({}) }),
    route('DELETE /things/:name', { rule: 'never', run: () => noContent() }),
    route('POST /things/:name/bump', {
      rule: 'make',
      async run(_ctx, tx, { params }) {
        await bump(tx, params.name)
        const row = await (tx as unknown as Kysely<any>)
          .selectFrom('things')
          .select('count')
          .where('name', '=', params.name)
          .executeTakeFirst()
        return ok({ count: row?.['count'] })
      },
    }),
    actions('POST /things/:name/action', {
      poke: action({ rule: 'make', body: Type.Object({ poke: Type.Null() }, strict), run: () => noContent() }),
      shove: action({ rule: 'never', run: () => noContent() }),
      paint: action({ rule: 'make', since: '2.5', run: () => noContent() }),
    }),
    plain('GET /slow', { rule: 'see', run: () => new Promise((resolve) => slow.push(() => resolve(ok({ slow: true })))) }),
    plain('GET /patience', { rule: 'see', run: (ctx) => ok({ leftMs: ctx.patienceUntilMs - ctx.clock.monotonicMs() }) }),
    plain('GET /bug', {
      rule: 'see',
      run: () => {
        throw new Error('a bug')
      },
    }),
  ]
  const app: App = {
    name: 'things-api',
    routes,
    version(head) {
      const version = parseVersion(String(head.headers['x-version'] ?? '2.1'))
      if (!version) throw invalid('no version')
      return version
    },
    async authenticate(ctx) {
      const who = ctx.request.headers['x-auth-token']
      if (typeof who !== 'string') throw unauthenticated('who?')
      return { ...ctx, who }
    },
    authorize(_ctx, rule) {
      if (rule === 'never') throw forbidden('no')
    },
    fault: ({ kind, message, details }, _ctx, requestId) => ({
      status: statuses[kind] ?? 400,
      headers: {
        ...details.headers,
        'x-request-id': requestId,
        ...(details.retryAfterSeconds && { 'retry-after': String(details.retryAfterSeconds) }),
      },
      body: { kind, message, type: details.type, problem: details.problem },
    }),
    headers: (_ctx, requestId) => ({ 'x-request-id': requestId, vary: 'X-Version' }),
  }
  const health = openHealth({ things: async () => 'ok', moon: async () => 'not in sight' })
  const server = await listen(things.ctx, { host: '127.0.0.1', port: 0, mounts: [{ prefix: '/api', app }], health, ...options })
  const url = `http://127.0.0.1:${server.port}`
  const as = (who?: string) =>
    clientOf(
      () => `${url}/api`,
      async () => who,
    )
  return {
    things,
    server,
    slow,
    alice: as('alice'),
    bob: as('bob'),
    anonymous: as(),
    url,
    async close() {
      await server.stop()
      health.close()
      await things.close()
    },
  }
}

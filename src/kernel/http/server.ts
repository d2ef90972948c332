import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { finished, pipeline } from 'node:stream'
import { metrics, requestSeconds, requestsRunning } from '../metrics.ts'
import { flatten, type Answer } from './answer.ts'
import { preflightAnswer, readableBy, type Origins } from './cors.ts'
import { handle } from './handle.ts'
import { routerOf, type Router } from './router.ts'
import type { Context } from '../context.ts'
import type { App } from './app.ts'
import type { Health } from './health.ts'
import type { RequestHead } from './route.ts'

/** A service under a path prefix ('/compute'), or under none on its native port. */
export interface Mount {
  readonly prefix: string
  readonly app: App
}

export interface HttpServer {
  readonly port: number
  /** Fails the health check first, closes the listener after `lingerMs`, resolves when the last request is answered. */
  stop(options?: { lingerMs?: number; deadlineMs?: number }): Promise<void>
}

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly mounts: readonly Mount[]
  readonly health: Health
  /** The web origins whose pages may use the APIs; none unless said. */
  readonly corsOrigins?: Origins
}

interface Mounted extends Mount {
  readonly router: Router
}

/** Serves the apps over HTTP/1.1. Rejects when the port is taken. */
export async function listen(ctx: Context, options: ServerOptions): Promise<HttpServer> {
  // The longest prefix first, so that '' catches what no other does.
  const mounts: Mounted[] = options.mounts
    .map((mount) => ({ ...mount, router: routerOf(mount.app.routes, mount.app) }))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: 0, maxHeaderSize: 32_768 })
  server.on('request', (incoming, response) => {
    requestsRunning.inc()
    finished(response, () => requestsRunning.dec())
    // While draining, each answer also asks the client to close its connection.
    if (!options.health.serving()) response.setHeader('connection', 'close')
    serve(ctx, options, mounts, incoming, response).catch((error: unknown) => {
      ctx.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'an answer can not be written')
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port, backlog: 1024 }, resolve)
  })
  const port = (server.address() as { port: number }).port
  return { port, stop: async (stopOptions = {}) => drain(ctx, server, options.health, stopOptions) }
}

async function drain(
  ctx: Context,
  server: Server,
  health: Health,
  { lingerMs = 0, deadlineMs = 30_000 }: { lingerMs?: number; deadlineMs?: number },
): Promise<void> {
  health.drain()
  if (lingerMs > 0) await ctx.clock.sleep(lingerMs)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const patience = new AbortController()
  const late = ctx.clock.sleep(deadlineMs, patience.signal).then(
    () => server.closeAllConnections(),
    () => {},
  )
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(idle)
  patience.abort()
  await late
}

async function serve(
  ctx: Context,
  { health, corsOrigins = [] }: ServerOptions,
  mounts: readonly Mounted[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = incoming.url ?? '/'
  const cut = url.indexOf('?')
  const path = cut < 0 ? url : url.slice(0, cut)
  if (path.endsWith('/healthcheck')) return serveHealth(health, cut < 0 ? '' : url.slice(cut), response)
  // Metrics are for whoever reaches this instance itself, not for those whom a balancer brings.
  if (path === '/metrics' && !incoming.headers['x-forwarded-for']) return serveMetrics(response)
  const preflight = preflightAnswer(corsOrigins, incoming.method, incoming.headers)
  if (preflight) return write(response, preflight)
  const mount = mounts.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
  if (!mount)
    return write(
      response,
      { status: 404, body: { error: { code: 404, title: 'Not Found', message: 'No service lives under this path.' } } },
      incoming.method,
    )
  const started = performance.now()
  const requestId = `req-${ctx.ids.uuid()}`
  const head = readHead(incoming, path.slice(mount.prefix.length) || '/', cut < 0 ? '' : url.slice(cut + 1), mount.prefix)
  const { answer, route } = await handle(mount.app, mount.router, ctx, head, incoming, requestId)
  requestSeconds.observe(
    { service: mount.app.name, route: `${head.method} ${route}`, status: String(answer.status) },
    (performance.now() - started) / 1000,
  )
  // What a refused request still sends must not be read as the next one.
  if (!incoming.complete) response.setHeader('connection', 'close')
  return write(response, readableBy(corsOrigins, incoming.headers, answer), incoming.method)
}

function readHead(incoming: IncomingMessage, path: string, search: string, prefix: string): RequestHead {
  const { headers } = incoming
  const proto = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  const host = /^[\w.:[\]-]{1,255}$/.test(headers.host ?? '') ? headers.host! : `127.0.0.1:${incoming.socket.localPort}`
  const rootUrl = `${proto}://${host}`
  return { method: incoming.method ?? 'GET', path, search: new URLSearchParams(search), headers, baseUrl: rootUrl + prefix, rootUrl }
}

async function serveHealth(health: Health, search: string, response: ServerResponse): Promise<void> {
  // Balancers take 404 for: nothing new here, but what runs may end.
  const status = health.serving() ? 200 : 404
  if (!search.includes('detail'))
    return write(response, { status, text: health.serving() ? 'OK' : 'NOT SERVING', headers: { 'content-type': 'text/plain' } })
  return write(response, { status, body: await health.report() })
}

async function serveMetrics(response: ServerResponse): Promise<void> {
  return write(response, { status: 200, text: await metrics.metrics(), headers: { 'content-type': metrics.contentType } })
}

async function write(response: ServerResponse, answer: Answer, method?: string): Promise<void> {
  if (answer.stream) {
    response.writeHead(answer.status, { ...answer.headers })
    const { stream } = answer
    return new Promise((resolve) => {
      pipeline(stream, response, () => resolve())
    })
  }
  const flat = flatten(answer)
  const headers: Record<string, string | number> = { ...flat.headers }
  if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = Buffer.byteLength(flat.body)
  response.writeHead(flat.status, headers)
  response.end(method === 'HEAD' ? undefined : flat.body)
}

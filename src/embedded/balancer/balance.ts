import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Parts } from './attempts.ts'
import type { BackendAddress } from './backend.ts'
import { openBudget } from './budget.ts'
import { noCounts } from './counters.ts'
import { forward } from './forward.ts'
import { defaultOptions, type Balancing, type BalancerOptions } from './options.ts'
import { openPool } from './pool.ts'
import { refusals, refuseSocket } from './refuse.ts'
import { openTurns, type Turns } from './turns.ts'

export interface ListenAddress {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

/** A running balancer. */
export interface Balancer {
  /** Where it listens, in the order that was asked for. */
  readonly listening: readonly ListenAddress[]
  readonly parts: Parts
  setBackends(backends: readonly BackendAddress[]): void
  /** Accepts nothing more, lets requests that run finish within `stopTimeoutMs`, closes everything. */
  stop(): Promise<void>
}

/** Starts a balancer; rejects when it can't listen. */
export async function startBalancer(
  ctx: Balancing,
  wanted: {
    listen: readonly ListenAddress[]
    backends: readonly BackendAddress[]
    options?: Partial<BalancerOptions>
  },
): Promise<Balancer> {
  const options = { ...defaultOptions, ...wanted.options }
  const parts: Parts = {
    pool: openPool(ctx, options),
    budget: openBudget(options.heldBytes),
    counters: noCounts(),
    options,
  }
  const running = new Set<ServerResponse>()
  const turns = openTurns(options.maxPipelined)
  let stopping = false

  const handle = (req: IncomingMessage, res: ServerResponse) => {
    running.add(res)
    res.on('close', () => running.delete(res))
    if (stopping) res.shouldKeepAlive = false
    if (!turns.inTurn(req.socket, () => forward(ctx, parts, req, res))) req.socket.destroy()
  }
  const servers = wanted.listen.map(() => openServer(handle, turns, options))
  try {
    await Promise.all(servers.map((server, i) => listen(server, wanted.listen[i] as ListenAddress)))
  } catch (error) {
    for (const server of servers) server.close()
    parts.pool.close()
    throw error
  }
  parts.pool.setBackends(wanted.backends)

  return {
    listening: servers.map((server) => server.address() as AddressInfo).map(({ address, port }) => ({ host: address, port })),
    parts,
    setBackends: (backends) => parts.pool.setBackends(backends),
    stop: async () => {
      stopping = true
      for (const res of running) if (!res.headersSent) res.shouldKeepAlive = false
      const enough = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), options.stopTimeoutMs)
      await Promise.all(servers.map(close))
      clearTimeout(enough)
      parts.pool.close()
    },
  }
}

function openServer(handle: (req: IncomingMessage, res: ServerResponse) => void, turns: Turns, options: BalancerOptions): Server {
  const server = createServer({
    headersTimeout: options.headersTimeoutMs,
    // Uploads take as long as they take; the body's own time-outs are `bodyTimeoutMs` and `clientIdleMs`.
    requestTimeout: 0,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, options.headersTimeoutMs / 2),
    maxHeaderSize: options.maxHeaderBytes,
    insecureHTTPParser: false,
  })
  server.maxConnections = options.maxConnections
  server.setTimeout(options.clientIdleMs)
  server.on('request', handle)
  server.on('checkContinue', handle)
  server.on('connect', (_req, socket) => refuseSocket(socket as Socket, refusals.noUpgrade))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // While an answer is on its way, one more would be read as a part of it.
    if (turns.busy(socket) || error.code === 'ECONNRESET') socket.destroy()
    else refuseSocket(socket as Socket, refusalFor(error.code))
  })
  return server
}

function refusalFor(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return refusals.tooLong
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? refusals.slowBody : refusals.notUnderstood
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host, port }, () => {
    server.off('error', reject)
    resolve()
  })
  return promise
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  return promise
}

import { request } from 'node:http'
import { dropIdleConnections, type Backend } from './backend.ts'
import type { Balancing, BalancerOptions } from './options.ts'
import { judge, verdictOf, type Verdict } from './verdict.ts'

/** The watch over one backend. */
export interface Watch {
  /** Has the backend checked soon, since something seems wrong with it. */
  hurry(): void
  stop(): void
}

/** Checks a backend for as long as it exists; calls `onChange` after each change of its state. */
export function watch(ctx: Balancing, backend: Backend, options: BalancerOptions, onChange: () => void): Watch {
  let timer: NodeJS.Timeout | undefined
  let checking = false
  let stopped = false

  const plan = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(check, ms)
  }
  const check = () => {
    checking = true
    probe(backend, options, (verdict) => {
      checking = false
      if (stopped) return
      settle(ctx, backend, verdict, options, onChange)
      plan(pauseMs(backend, verdict, options))
    })
  }
  check()

  return {
    hurry: () => {
      if (!checking && !stopped) plan(options.checkFastIntervalMs)
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Marks a backend that could not be reached; the next check that passes brings it back. */
export function markUnreachable(ctx: Balancing, backend: Backend): void {
  if (backend.state !== 'up') return
  backend.state = 'down'
  dropIdleConnections(backend)
  ctx.log.warn({ backend: backend.address.name }, 'backend can not be reached')
}

function settle(ctx: Balancing, backend: Backend, verdict: Verdict, options: BalancerOptions, onChange: () => void): void {
  const before = backend.state
  const { state, failedChecks, moveRequests } = judge(backend, verdict, options.checkFall)
  backend.state = state
  backend.failedChecks = failedChecks
  if (failedChecks > 0) backend.counters.failedChecks++
  if (failedChecks >= options.checkFall) dropIdleConnections(backend)
  if (moveRequests) for (const attempt of [...backend.attempts]) attempt.move()
  if (state === before) return
  ctx.log.info({ backend: backend.address.name, from: before, to: state, verdict }, 'backend changes state')
  onChange()
}

function pauseMs(backend: Backend, verdict: Verdict, options: BalancerOptions): number {
  if (verdict === 'silent') return 0
  return backend.state === 'up' && verdict === 'ok' ? options.checkIntervalMs : options.checkFastIntervalMs
}

function probe(backend: Backend, options: BalancerOptions, tell: (verdict: Verdict) => void): void {
  let told = false
  const once = (verdict: Verdict) => {
    if (told) return
    told = true
    clearTimeout(timer)
    tell(verdict)
    outgoing.destroy()
  }
  // A check over a new connection proves that the listener is alive, which a pooled one would not.
  const { host, port } = backend.address
  const headers = {
    host: `${host}:${port}`,
    connection: 'close',
    'user-agent': 'skykeel-balancer',
  }
  const outgoing = request({
    host,
    port,
    path: options.checkPath,
    method: 'GET',
    headers,
    agent: false,
  })
  // When this process itself was held up, the answer may lie unread: one turn of the event loop lets it be read first.
  const timer = setTimeout(() => setImmediate(once, 'silent'), options.checkTimeoutMs)
  outgoing.on('error', () => once('failed'))
  outgoing.on('response', (incoming) => {
    let body = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (text: string) => {
      if (body.length < 4_096) body += text
    })
    incoming.on('error', () => once('failed'))
    incoming.on('end', () => once(verdictOf(incoming.statusCode ?? 0, body)))
  })
  outgoing.end()
}

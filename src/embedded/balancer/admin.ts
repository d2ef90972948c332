import { lstatSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Parts } from './attempts.ts'

/** A unix socket, or a port of this machine only: whoever reaches it sees how the cloud is built. */
export type AdminAddress = { readonly path: string } | { readonly port: number }

export interface Admin {
  readonly listening: AdminAddress
  stop(): Promise<void>
}

/** Serves `/balancer/status` (JSON) and `/metrics` (Prometheus text), apart from the clients' listener. */
export async function startAdmin(parts: Parts, address: AdminAddress): Promise<Admin> {
  const pages: Record<string, () => [type: string, body: string]> = {
    '/balancer/status': () => ['application/json', JSON.stringify(statusOf(parts))],
    '/metrics': () => ['text/plain; version=0.0.4', metricsOf(parts)],
  }
  const server = createServer((req, res) => {
    const page = req.method === 'GET' ? pages[(req.url ?? '').split('?')[0] as string] : undefined
    if (!page) return void res.writeHead(404).end()
    const [type, body] = page()
    res.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
  })
  if ('path' in address) removeStaleSocket(address.path)
  await listen(server, 'path' in address ? address : { host: '127.0.0.1', port: address.port })
  return {
    listening: 'path' in address ? address : { port: (server.address() as AddressInfo).port },
    stop: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeAllConnections()
      await promise
    },
  }
}

/** What the balancer knows, for people and programs. */
export function statusOf({ pool, budget, counters }: Parts) {
  return {
    backends: [...pool.backends()].map(({ address, state, inFlight, failedChecks, counters: counts }) => ({
      ...address,
      state,
      inFlight,
      failedChecksInARow: failedChecks,
      counters: { ...counts },
    })),
    waiting: pool.waiting(),
    heldBytes: budget.usedBytes(),
    counters: { ...counters },
  }
}

/** The same for Prometheus. */
export function metricsOf(parts: Parts): string {
  const { backends, waiting, heldBytes, counters } = statusOf(parts)
  const lines: string[] = []
  const metric = (name: string, type: 'counter' | 'gauge', help: string, values: [labels: Record<string, string>, value: number][]) => {
    lines.push(`# HELP skykeel_balancer_${name} ${help}`, `# TYPE skykeel_balancer_${name} ${type}`)
    for (const [labels, value] of values) lines.push(`skykeel_balancer_${name}${labelText(labels)} ${value}`)
  }
  metric('requests_total', 'counter', 'Requests of clients', [[{}, counters.requests]])
  const repeats = Object.entries(counters.repeats)
  metric('repeats_total', 'counter', 'Requests sent again, by why', asLabelled('reason', repeats))
  metric('refused_total', 'counter', 'Requests that no backend answered, by status', asLabelled('status', Object.entries(counters.refused)))
  metric('waits_total', 'counter', 'Times that a request waited for a backend', [[{}, counters.waits]])
  metric('unfinished_total', 'counter', 'Answers that did not reach their client whole', [[{}, counters.unfinished]])
  metric('waiting', 'gauge', 'Requests that wait for a backend now', [[{}, waiting]])
  metric('held_bytes', 'gauge', 'Bytes of bodies and answers in memory', [[{}, heldBytes]])
  const each = (value: (backend: (typeof backends)[number]) => number) =>
    backends.map((backend): [Record<string, string>, number] => [{ backend: backend.name }, value(backend)])
  metric(
    'backend_up',
    'gauge',
    'Whether the backend takes requests',
    each(({ state }) => Number(state === 'up')),
  )
  metric(
    'backend_in_flight',
    'gauge',
    'Requests that the backend works on',
    each(({ inFlight }) => inFlight),
  )
  const outcomes = backends.flatMap(({ name, counters: { attempts: _attempts, failedChecks: _failedChecks, ...counts } }) =>
    Object.entries(counts).map(([outcome, count]): [Record<string, string>, number] => [{ backend: name, outcome }, count]),
  )
  metric('backend_attempts_total', 'counter', 'Attempts by how they ended', outcomes)
  metric(
    'backend_failed_checks_total',
    'counter',
    'Checks that failed',
    each(({ counters: { failedChecks } }) => failedChecks),
  )
  return `${lines.join('\n')}\n`
}

const asLabelled = (label: string, entries: [string, number][]) =>
  entries.map(([key, value]): [Record<string, string>, number] => [{ [label]: key }, value])

function labelText(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`)
  return parts.length > 0 ? `{${parts.join(',')}}` : ''
}

function removeStaleSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path)
}

function listen(server: Server, at: { path: string } | { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(at, () => {
    server.off('error', reject)
    resolve()
  })
  return promise
}

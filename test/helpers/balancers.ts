import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBalancer } from '../../src/embedded/balancer/balance.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { type HaproxyTopology, renderHaproxy } from '../../src/topology/render/haproxy-config.ts'
import type { BalancerHealth } from '../../src/topology/render/haproxy-health.ts'
import { haproxyScript } from '../../src/topology/render/haproxy-script.ts'
import { freePort } from './free-port.ts'
import { has } from './parts.ts'
import { quietLog } from './quiet-log.ts'
import { until } from './until.ts'
import type { BackendAddress } from '../../src/embedded/balancer/backend.ts'

export type BalancerName = 'embedded' | 'haproxy'

/** The balancers that this machine can run. */
export const balancers: readonly BalancerName[] = has('haproxy') ? ['embedded', 'haproxy'] : ['embedded']

export interface RunningBalancer {
  readonly url: string
  /** The backends that it holds for up, by name. */
  up(): Promise<string[]>
  /** What it told of itself, where it tells anything. */
  log(): string
  stop(): Promise<void>
}

/** Starts a balancer in front of these backends; resolves when it lets a request through. */
export async function startABalancer(name: BalancerName, backends: readonly BackendAddress[]): Promise<RunningBalancer> {
  const running = name === 'embedded' ? await embedded(backends) : await haproxy(backends)
  await until(async () => (await fetch(`${running.url}/there`)).ok, { what: `${name} to let a request through` })
  return running
}

async function embedded(backends: readonly BackendAddress[]): Promise<RunningBalancer> {
  const ctx = { clock: systemClock, ids: systemIds, log: quietLog }
  const balancer = await startBalancer(ctx, { listen: [{ host: '127.0.0.1', port: 0 }], backends, options: { stopTimeoutMs: 1000 } })
  return {
    url: `http://127.0.0.1:${balancer.listening[0]!.port}`,
    log: () => '',
    up: async () => [...balancer.parts.pool.backends()].filter(({ state }) => state === 'up').map(({ address }) => address.name),
    stop: () => balancer.stop(),
  }
}

async function haproxy(backends: readonly BackendAddress[]): Promise<RunningBalancer> {
  const port = await freePort()
  const { pid: _, ...running } = await startHaproxy({ listen: { host: '127.0.0.1', port }, controllers: backends })
  return { ...running, url: `http://127.0.0.1:${port}`, up: () => running.up('controllers') }
}

/** A process of HAProxy, of one thread. */
export interface RunningHaproxy {
  readonly pid: number
  readonly healthPort: number
  /** The servers of one of its backends that it holds for up, by name. */
  up(backend: string): Promise<string[]>
  log(): string
  stop(): Promise<void>
}

/** Starts HAProxy with the product's configuration and script; it may not be listening yet. */
export async function startHaproxy({
  health,
  ...topology
}: Omit<HaproxyTopology, 'health'> & { health?: Partial<BalancerHealth> }): Promise<RunningHaproxy> {
  const folder = mkdtempSync(join(tmpdir(), 'skykeel-haproxy-'))
  const healthPort = health?.port ?? (await freePort())
  const [file, script] = [join(folder, 'haproxy.cfg'), join(folder, 'skykeel.lua')]
  writeFileSync(script, haproxyScript)
  writeFileSync(file, renderHaproxy({ ...topology, threads: 1, script, health: { hosts: ['127.0.0.1'], ...health, port: healthPort } }))
  const child = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (words: Buffer) => (told += words))
  return {
    pid: child.pid!,
    healthPort,
    log: () => told,
    async up(backend) {
      const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()
      const lines = metrics.matchAll(/^haproxy_server_status\{proxy="([\w-]+)",server="([\w-]+)",state="UP"\} 1$/gm)
      return [...lines].flatMap(([, proxy, server]) => (proxy === backend ? [server!] : []))
    },
    async stop() {
      // It may have ended by itself: over a configuration that it does not like.
      if (child.kill('SIGKILL')) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

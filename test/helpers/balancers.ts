import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBalancer } from '../../src/embedded/balancer/balance.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { renderHaproxy } from '../../src/topology/render/haproxy-config.ts'
import { haproxyWait } from '../../src/topology/render/haproxy-wait.ts'
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
  /** Whether it knows a backend that is up. */
  knowsBackend(): Promise<boolean>
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
    knowsBackend: async () => [...balancer.parts.pool.backends()].some(({ state }) => state === 'up'),
    stop: () => balancer.stop(),
  }
}

async function haproxy(backends: readonly BackendAddress[]): Promise<RunningBalancer> {
  const folder = mkdtempSync(join(tmpdir(), 'skykeel-haproxy-'))
  const [port, healthPort] = [await freePort(), await freePort()]
  const [file, waitScript] = [join(folder, 'haproxy.cfg'), join(folder, 'wait.lua')]
  writeFileSync(waitScript, haproxyWait)
  const [listen, health] = [
    { host: '127.0.0.1', port },
    { hosts: ['127.0.0.1'], port: healthPort },
  ]
  writeFileSync(file, renderHaproxy({ listen, controllers: backends, threads: 1, health, waitScript }))
  const child = spawn('/usr/sbin/haproxy', ['-q', '-db', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] })
  return {
    url: `http://127.0.0.1:${port}`,
    knowsBackend: async () => (await fetch(`http://127.0.0.1:${healthPort}/health`)).ok,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

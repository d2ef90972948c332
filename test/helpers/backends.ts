import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** What one backend saw of a request. */
export interface Seen {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly key: string
}

export interface Backends {
  readonly addresses: readonly { readonly name: string; readonly host: string; readonly port: number }[]
  signal(name: string, signal: NodeJS.Signals): void
  /** Starts one that died again, on its port. */
  restart(name: string): Promise<void>
  seen(): Seen[]
  close(): Promise<void>
}

/** Starts a few processes that serve HTTP. Connections beyond the backlog are not even refused. */
export async function startBackends(count: number, { backlog = 511 } = {}): Promise<Backends> {
  const folder = mkdtempSync(join(tmpdir(), 'skykeel-backends-'))
  const children = new Map<string, ChildProcess>()
  const addresses = await Promise.all(
    Array.from({ length: count }, async (_, index) => ({ name: `b${index + 1}`, host: '127.0.0.1', port: await freePort() })),
  )
  const start = async (name: string) => {
    const { port } = addresses.find((address) => address.name === name)!
    const child = spawn(process.execPath, [join(import.meta.dirname, 'backend-program.ts'), name, `${port}`, folder, `${backlog}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.set(name, child)
    await once(child.stdout, 'data')
  }
  await Promise.all(addresses.map(({ name }) => start(name)))
  const end = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    addresses,
    signal: (name, signal) => void children.get(name)!.kill(signal),
    async restart(name) {
      await end(children.get(name)!)
      await start(name)
    },
    seen: () => {
      try {
        return readFileSync(join(folder, 'seen'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Seen)
      } catch {
        return []
      }
    },
    async close() {
      await Promise.all([...children.values()].map(end))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

import { join } from 'node:path'
import { readRoster, processOf } from '../embedded/supervisor/roster.ts'
import { readSecrets } from '../embedded/supervisor/secrets.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import type { OpenTarget, ProcessKind, Target, TargetProcess } from './target.ts'
import { mustRun } from '../kernel/run-program.ts'
import { eventually } from '../kernel/eventually.ts'

const kinds: readonly (readonly [role: string, kind: ProcessKind])[] = [
  ['balancer', 'balancer'],
  ['database', 'database'],
  ['nova-compute', 'agent'],
]

/** How long a process may take to end in order and to have a successor, in milliseconds. */
const restartMs = 60_000

const skykeel = join(import.meta.dirname, '../../bin/skykeel')

/** The cloud that `skykeel up` runs in a directory. Its supervisor starts whatever ends. */
export const embeddedTarget: OpenTarget = async ({ clock }, stateDir) => {
  const dir = stateDirAt(stateDir)
  const [roster, secrets] = [readRoster(dir), readSecrets(dir)]
  if (!roster || !secrets) return undefined

  const processes = async (): Promise<TargetProcess[]> => {
    const entries = readRoster(dir)?.processes ?? []
    return entries.map((entry) => {
      const { name, roles, ports } = entry
      const found = processOf(entry)
      const [pid, state] = found ? [found.pid, found.frozen ? 'frozen' : entry.state] : [0, 'dead']
      const kind = kinds.find(([role]) => roles.includes(role))?.[1] ?? 'controller'
      const port = kind === 'controller' ? ports[''] : undefined
      return { name, kind, host: 'localhost', pid, state, ...(port && { healthUrl: `http://127.0.0.1:${port}/healthcheck` }) }
    })
  }
  const pidOf = (name: string): number | undefined => {
    const entry = readRoster(dir)?.processes.find((one) => one.name === name)
    return entry && processOf(entry)?.pid
  }
  const send = async (name: string, signal: NodeJS.Signals) => {
    const pid = pidOf(name)
    try {
      if (pid) process.kill(pid, signal)
    } catch (error) {
      // It has ended just now, which is what a drill lives on.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const target: Target = {
    kind: 'embedded',
    authUrl: roster.authUrl,
    password: secrets.adminPassword,
    database: roster.database ?? 'postgresql',
    messaging: roster.messaging ?? 'postgresql',
    processes,
    kill: (name) => send(name, 'SIGKILL'),
    freeze: (name) => send(name, 'SIGSTOP'),
    thaw: (name) => send(name, 'SIGCONT'),
    async restart(name) {
      const before = pidOf(name)
      await send(name, 'SIGTERM')
      const replaced = async () => (await processes()).some((one) => one.name === name && one.state === 'running' && one.pid !== before)
      if (!(await eventually({ clock }, replaced, { timeoutMs: restartMs, everyMs: 100 })))
        throw new Error(`${name} has no successor ${restartMs / 1000} s after it was asked to end`)
    },
    async rotateKeys() {
      await mustRun([skykeel, 'keys', 'rotate', '--state-dir', stateDir], { cwd: process.cwd() })
    },
  }
  return target
}

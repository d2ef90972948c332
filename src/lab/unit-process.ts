import { systemClock } from '../kernel/clock.ts'
import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { signal } from '../embedded/postgres/processes.ts'
import { eventually } from '../kernel/eventually.ts'
import type { Unit } from '../topology/unit.ts'
import { userNamed } from './accounts.ts'
import { childrenOf, type Namespace } from './namespace.ts'

export interface UnitProcess {
  /** Lets it tell of the end of what it started: nsenter stops itself when that is frozen. */
  wake(): void
  /** Of its main process, as the lab sees it; 0 when it has ended. */
  pid(): number
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>
}

/** Everything that a unit has started carries this in its environment, so that it can be found. */
const mark = (machine: Namespace, unit: string): string => `SKYKEEL_LAB_UNIT=${machine.pid}/${unit}`

/** Starts a command of a unit on a machine, as the unit's user; what it writes goes to the log. `clockEnvironment` is for itself only. */
export function startCommand(
  machine: Namespace,
  unit: Unit,
  {
    command,
    logPath,
    clockEnvironment,
  }: { command: readonly string[]; logPath: string; clockEnvironment: Readonly<Record<string, string>> },
): UnitProcess {
  const user = userNamed(unit.user)
  const as = user.uid === 0 ? [] : ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--init-groups', '--']
  // Only now, when user and machine are the right ones: the clock's library makes files of its own.
  const withClock = ['env', ...Object.entries(clockEnvironment).map(([name, value]) => `${name}=${value}`)]
  const [program = '', ...args] = [...machine.enter, ...as, ...withClock, ...command]
  const [name, value] = mark(machine, unit.name).split('=') as [string, string]
  const log = openSync(logPath, 'a', 0o640)
  const child = spawn(program, args, {
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', USER: user.name, ...unit.environment, [name]: value },
  })
  closeSync(log)
  return {
    wake: () => void child.kill('SIGCONT'),
    pid: () => (child.exitCode === null && child.signalCode === null ? (childrenOf(child.pid ?? 0)[0] ?? 0) : 0),
    exited: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, killed) => resolve(killed ? `it was ended by ${killed}` : `it ended with code ${code}`))
    }),
  }
}

/** All living processes of a unit: those with its mark, whoever their parents are, and what they started. PostgreSQL's own lose the mark to their titles. */
export function processesOf(machine: Namespace, unit: string): number[] {
  const wanted = mark(machine, unit)
  const environment = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8')
    } catch {
      return ''
    }
  }
  const marked = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environment(name).split('\0').includes(wanted))
    .map(Number)
  // nsenter stands outside, and ends when what it started does.
  const outside = new Set(childrenOf(process.pid))
  return [...new Set(marked.flatMap(familyOf))].filter((pid) => !outside.has(pid))
}

const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)]

/** Ends whatever is left of a unit, and waits until it is gone. */
export async function killProcesses(machine: Namespace, unit: string): Promise<void> {
  await eventually(
    { clock: systemClock },
    () => {
      const left = processesOf(machine, unit)
      for (const pid of left) signal(pid, 'SIGKILL')
      return left.length === 0
    },
    { timeoutMs: 10_000 },
  )
}

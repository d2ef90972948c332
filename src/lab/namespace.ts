import { systemClock } from '../kernel/clock.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { eventually } from '../kernel/eventually.ts'
import { signal } from '../embedded/postgres/processes.ts'

/** A machine of the lab, as the kernel sees it: processes, network, mounts and a name of its own. All end when its first process does. */
export interface Namespace {
  /** Its first process, as the lab sees it. */
  readonly pid: number
  /** What to put before a command so that it runs there. */
  readonly enter: readonly string[]
  /** A path of the machine, which may have disks of its own, as the lab reaches it. */
  path(path: string): string
  /** Cuts the power: everything in it is gone at once. */
  end(): Promise<void>
}

// Adopts and buries what others leave behind, as the first process of a machine must.
const first = 'while :; do sleep 86400 & wait $!; done'

/** Opens a machine inside another, or inside this one; both end with the process that asked for it. */
export async function openNamespace(name: string, outer?: Namespace): Promise<Namespace> {
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', ...(outer?.enter ?? []), 'setpriv', '--pdeathsig', 'KILL'],
      ...['unshare', '--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-c', `hostname ${name}; ip link set lo up; ${first}`],
    ],
    { cwd: '/', stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const pid = await eventually({ clock: systemClock }, () => (child.exitCode === null ? shellBelow(child) : 0), { timeoutMs: 5000 })
  if (!pid) throw new Error(`no namespace can be opened for ${name}`)
  return {
    pid,
    enter: ['nsenter', '--target', String(pid), '--net', '--mount', '--pid', '--uts', '--'],
    path: (path) => `/proc/${pid}/root${path}`,
    async end() {
      signal(pid, 'SIGKILL')
      await ended
    },
  }
}

/** The children of a process. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

// nsenter and unshare each stand between us and the shell; it is the one that has begun to wait.
function shellBelow({ pid = 0 }: ChildProcess): number | undefined {
  let current: number | undefined = pid
  while (current) {
    if (readFileSync(`/proc/${current}/comm`, 'utf8').trim() === 'sh') return childrenOf(current).length > 0 ? current : undefined
    current = childrenOf(current)[0]
  }
  return undefined
}

import { systemClock } from '../../kernel/clock.ts'
import { readFileSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { eventually } from '../../kernel/eventually.ts'

/** A living process, told apart from a later one with the same number. */
export interface Process {
  readonly pid: number
  /** Clock ticks from boot to its start, as in /proc/<pid>/stat. */
  readonly startedAt: string
  readonly commandLine: string
  /** Stopped by a signal; SIGCONT would thaw it. */
  readonly frozen: boolean
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The process with this number, unless there is none or it is dead: a zombie, which only waits for its parent to look, is dead. */
export function processByPid(pid: number): Process | undefined {
  const line = read(`/proc/${pid}/stat`)
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [state = '', startedAt = ''] = [fields[0], fields[19]]
  if (state === '' || state === 'Z' || state === 'X') return undefined
  return { pid, startedAt, commandLine: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '), frozen: state === 'T' || state === 't' }
}

export const isAlive = (pid: number): boolean => processByPid(pid) !== undefined

/** Whether this very process still lives. */
export const stillLives = (process: Process): boolean => processByPid(process.pid)?.startedAt === process.startedAt

/**
 * What every process of the server in this directory is called, and no other: PostgreSQL shows its cluster_name on every command line.
 * Working directories would tell the same, but root in a container may not look at another user's.
 */
export function clusterName(dataDir: string): string {
  const { dev, ino } = statSync(dataDir, { bigint: true })
  return `skykeel-${dev.toString(36)}-${ino.toString(36)}`
}

/** Every living process of the server in `dataDir`, of its owner only: others may call themselves what they like. */
export async function serverProcesses(dataDir: string): Promise<Process[]> {
  const name = clusterName(dataDir)
  const { uid } = await stat(dataDir)
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  return pids
    .filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid)
    .flatMap((pid) => processByPid(pid) ?? [])
    .filter(({ commandLine }) => commandLine.includes(`cluster_name=${name} `) || commandLine.startsWith(`postgres: ${name}: `))
}

/** Whether it is the one that started the others: those show what they are instead of how they were started. */
export const isPostmaster = ({ commandLine }: Process): boolean => commandLine.includes(' -D ')

/** Sends a signal to a process that may be gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ends all processes of the server in `dataDir` at once, as a loss of power would. */
export async function killServer(dataDir: string): Promise<void> {
  const none = await eventually(
    { clock: systemClock },
    async () => {
      const left = await serverProcesses(dataDir)
      for (const { pid } of left) signal(pid, 'SIGKILL')
      return left.length === 0
    },
    { timeoutMs: 10_000 },
  )
  if (!none) throw new Error(`processes of the PostgreSQL server in ${dataDir} survive SIGKILL`)
}

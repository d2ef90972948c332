import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../src/cli/main.ts')
const cacheDir = join(import.meta.dirname, '../../node_modules/.cache/skykeel/compile')

/** What a command did. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface RunningCommand {
  readonly process: ChildProcess
  /** What it has printed so far. */
  stdout(): string
  readonly ended: Promise<Outcome>
}

/** The skykeel command in one environment. */
export interface Command {
  /** Runs it to its end. */
  run(...args: string[]): Promise<Outcome>
  start(...args: string[]): RunningCommand
}

/** The skykeel command as a real process, with only these variables beside PATH and HOME. */
export function commandWith(env: Record<string, string>): Command {
  const { PATH = '', HOME = '' } = process.env
  const start = (...args: string[]): RunningCommand => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH, HOME, NODE_COMPILE_CACHE: cacheDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    // "exit", not "close": daemons may hold the pipes open for longer.
    const ended = new Promise<Outcome>((resolve) => child.once('exit', (code) => setImmediate(() => resolve({ code, stdout, stderr }))))
    return { process: child, stdout: () => stdout, ended }
  }
  return { start, run: async (...args) => start(...args).ended }
}

import { spawn } from 'node:child_process'

export interface RunOptions {
  /** The root if not said, so that no program stands in the way of an unmount. */
  readonly cwd?: string
  /** This process's own if not said. */
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  /** What it reads. */
  readonly input?: string
  /** When it is killed, in milliseconds; never if not said. */
  readonly timeoutMs?: number
}

/** How a program ended. */
export interface Ended {
  readonly ok: boolean
  /** Everything that it wrote. */
  readonly output: string
  /** `exits with 1`, `was ended by SIGKILL`, `can not be run: …`. */
  readonly how: string
}

/** Runs a program to its end, with arguments that no shell reads. Never rejects: that it failed, or was not even there, is an answer. */
export function runProgram(
  [program = '', ...args]: readonly string[],
  { input = '', timeoutMs, ...options }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, { cwd: '/', ...options, timeout: timeoutMs, killSignal: 'SIGKILL' })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stdin.on('error', () => {}) // It may end without reading; its exit tells the story.
    child.stdin.end(input)
    child.on('error', (error) => resolve({ ok: false, output, how: `can not be run: ${error.message}` }))
    child.on('close', (code, signal) => resolve({ ok: code === 0, output, how: signal ? `was ended by ${signal}` : `exits with ${code}` }))
  })
}

const mostWords = 2000

/** The same where only success is of use: resolves with what it wrote, and rejects with how it ended and its last words. */
export async function mustRun(command: readonly string[], options?: RunOptions): Promise<string> {
  const { ok, output, how } = await runProgram(command, options)
  if (!ok) throw new Error(`${command.join(' ')} ${how}: ${output.trim().slice(-mostWords)}`)
  return output
}

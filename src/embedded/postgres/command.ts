import { spawn } from 'node:child_process'
import type { Account } from './account.ts'

export interface Outcome {
  readonly ok: boolean
  /** Everything that it wrote, or why it could not be run at all. */
  readonly output: string
}

/** What PostgreSQL's programs find in their environment: nothing of ours, where a PGPORT or a locale might lurk. */
export const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Runs a program to its end in directory `cwd` as `account`. Does not throw when the program fails. */
export function run(
  account: Account,
  command: readonly string[],
  { cwd, input = '', timeoutMs = 120_000 }: { cwd: string; input?: string; timeoutMs?: number },
): Promise<Outcome> {
  const [program = '', ...args] = [...account.before, ...command]
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, { cwd, ...account.as, env: environment, timeout: timeoutMs, killSignal: 'SIGKILL' })
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stdin.on('error', () => {}) // It may end without reading; its exit tells the story.
    child.stdin.end(input)
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

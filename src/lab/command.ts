import { spawn } from 'node:child_process'

/** Runs a program to its end and resolves with what it wrote. Rejects with what it complained of when it fails or takes longer than `timeoutMs` (20 s). */
export function run(command: readonly string[], { timeoutMs = 20_000 }: { timeoutMs?: number } = {}): Promise<string> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command.join(' ')} ${signal ? `was ended by ${signal}` : `exits with ${code}`}: ${output.trim()}`))
    })
  })
}

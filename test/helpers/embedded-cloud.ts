import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const ownProgram = join(import.meta.dirname, '../..')

export interface ProcessStatus {
  readonly name: string
  readonly pid: number
  readonly state: string
}

/** A real cloud of real processes, as `skykeel up -d` starts it. */
export interface EmbeddedCloud {
  readonly url: string
  readonly stateDir: string
  /** A folder for what its users have. */
  readonly homeDir: string
  /** A token of this user for this project. */
  token(user: string, project: string): Promise<{ token: string; projectId: string }>
  processes(): Promise<readonly ProcessStatus[]>
  pidOf(name: string): Promise<number>
  /** Ends all processes; `start` goes on from the same state. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes everything. */
  down(): Promise<void>
}

export const password = 'secret-of-tests'

async function run(program: string, args: readonly string[]): Promise<string> {
  // Another program than this one keeps what it compiles to itself.
  const env = program === ownProgram ? process.env : { ...process.env, NODE_COMPILE_CACHE: join(program, 'compiled') }
  const child = spawn(join(program, 'bin/skykeel'), args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  // `status` says by its code whether the cloud is ready; here that is no failure.
  if (code !== 0 && args[0] !== 'status') throw new Error(`skykeel ${args.join(' ')} exits with ${code}: ${output}`)
  return output
}

/** Starts one with a state directory and a port of its own, by the program in the folder `program`; resolves when it is READY. */
export async function startEmbeddedCloud(
  options: { messaging?: string; hosts?: number; program?: string; settings?: readonly string[] } = {},
): Promise<EmbeddedCloud> {
  const command = (...args: string[]) => run(options.program ?? ownProgram, args)
  const stateDir = mkdtempSync(join(tmpdir(), 'skykeel-cloud-'))
  const homeDir = mkdtempSync(join(tmpdir(), 'skykeel-home-'))
  const port = await freePort()
  const extra = [
    ...(options.messaging ? ['--messaging', options.messaging] : []),
    '--hosts',
    String(options.hosts ?? 3),
    ...(options.settings ?? []),
  ]
  const start = async () =>
    void (await command('up', '-d', '--state-dir', stateDir, '--port', String(port), '--admin-password', password, ...extra))
  await start()
  const url = `http://127.0.0.1:${port}`
  const processes = async () => {
    const { processes: all } = JSON.parse(await command('status', '--json', '--state-dir', stateDir)) as { processes: ProcessStatus[] }
    return all
  }
  return {
    url,
    stateDir,
    homeDir,
    processes,
    async pidOf(name) {
      const found = (await processes()).find((one) => one.name === name)
      if (!found) throw new Error(`no process is called ${name}`)
      return found.pid
    },
    async token(user, project) {
      const domain = { id: 'default' }
      const auth = {
        identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
        scope: { project: { name: project, domain } },
      }
      const answer = await fetch(`${url}/identity/v3/auth/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ auth }),
      })
      const body = (await answer.json()) as { token: { project: { id: string } } }
      return { token: answer.headers.get('x-subject-token')!, projectId: body.token.project.id }
    },
    start,
    stop: async () => void (await command('down', '--state-dir', stateDir)),
    async down() {
      await command('down', '--purge', '--state-dir', stateDir)
      for (const folder of [stateDir, homeDir]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

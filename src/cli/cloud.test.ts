import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { commandWith, type RunningCommand } from '../../test/helpers/command.ts'
import { until } from '../../test/helpers/until.ts'
import { call } from '../embedded/call.ts'
import type { CloudStatus } from '../embedded/status.ts'
import { isAlive } from '../embedded/postgres/processes.ts'

const home = mkdtempSync(join(tmpdir(), 'skykeel-cli-'))
const stateDir = join(home, 'state')
const skykeel = commandWith({ SKYKEEL_STATE_DIR: stateDir, SKYKEEL_PORT: '0' })
vi.setConfig({ testTimeout: 120_000 })
const patience = { timeoutMs: 60_000 }
let up: RunningCommand

const status = async (): Promise<CloudStatus> => JSON.parse((await skykeel.run('status', '--json')).stdout) as CloudStatus
const ready = async () => until(async () => (await status()).ready, { ...patience, what: 'the cloud to be ready' })
const pidOf = async (name: string) => (await status()).processes.find((one) => one.name === name)!.pid
const readyWith = async (name: string, otherThan: number) =>
  until(
    async () => {
      const now = await status()
      return now.ready && now.processes.find((one) => one.name === name)!.pid !== otherThan && now
    },
    { ...patience, what: `another ${name}` },
  )

interface Clouds {
  readonly clouds: Record<string, { auth: { auth_url: string; username: string; password: string; project_name?: string } }>
}
const clouds = () => (parse(readFileSync(join(stateDir, 'clouds.yaml'), 'utf8')) as Clouds).clouds

async function logIn(name: string): Promise<number> {
  const { auth_url: authUrl, username, password, project_name: project } = clouds()[name]!.auth
  const domain = { id: 'default' }
  const scope = project ? { project: { name: project, domain } } : { system: { all: true } }
  const auth = { identity: { methods: ['password'], password: { user: { name: username, domain, password } } }, scope }
  return (await call(`${authUrl}/auth/tokens`, { method: 'POST', body: { auth }, timeoutMs: 30_000 })).status
}

beforeAll(async () => {
  up = skykeel.start('up', '--controllers', '2')
  await until(() => up.stdout().includes('READY') || up.process.exitCode !== null, { ...patience, what: 'READY' })
  if (!up.stdout().includes('READY')) throw new Error(JSON.stringify(await up.ended))
  expect(up.stdout()).toMatch(/READY in \d+\.\d s/)
})
afterAll(async () => {
  await skykeel.run('down', '--purge')
  rmSync(home, { recursive: true, force: true })
})

test('status tells every process to programs and to people', async () => {
  const { ready, auth_url: authUrl, processes, ...rest } = await status()
  expect(rest).toEqual({})
  expect(ready).toBe(true)
  expect(authUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/identity\/v3$/)
  expect(processes.map(({ name }) => name)).toEqual([
    'supervisor',
    'balancer',
    'postgres',
    'controller-1',
    'controller-2',
    'nova-compute-1',
  ])
  for (const one of processes) expect(one).toEqual({ name: one.name, roles: expect.any(Array), pid: expect.any(Number), state: 'running' })
  const { code, stdout } = await skykeel.run('status')
  expect(code).toBe(0)
  expect(stdout).toContain(`READY at ${authUrl}`)
})

test('every cloud of clouds.yaml lets its user in, and the file is closed to others', async () => {
  expect(statSync(join(stateDir, 'clouds.yaml')).mode & 0o077).toBe(0)
  expect(statSync(join(stateDir, 'secrets.json')).mode & 0o077).toBe(0)
  expect(statSync(stateDir).mode & 0o077).toBe(0)
  for (const name of Object.keys(clouds())) expect([name, await logIn(name)]).toEqual([name, 201])
})

test('env prints what a shell can evaluate', async () => {
  const { stdout } = await skykeel.run('env', 'devstack-admin')
  expect(stdout).toContain("export OS_CLOUD='devstack-admin'")
  expect((await skykeel.run('env', '--openrc')).stdout).toContain("export OS_USERNAME='demo'")
  expect(stdout).toContain(`export OS_CLIENT_CONFIG_FILE='${join(stateDir, 'clouds.yaml')}'`)
  expect((await skykeel.run('env', 'devstak')).stderr).toContain('Did you mean devstack?')
})

test('a killed controller comes back, and meanwhile every log-in succeeds', async () => {
  const before = await pidOf('controller-1')
  expect((await skykeel.run('kill', 'controller-1')).stdout).toContain(`SIGKILL sent to controller-1 (process ${before})`)
  const answers = await Promise.all(Array.from({ length: 10 }, () => logIn('devstack')))
  expect(new Set(answers)).toEqual(new Set([201]))
  await readyWith('controller-1', before)
})

test('a frozen controller is shown as such, and the other one serves', async () => {
  await skykeel.run('kill', 'controller-2', '-s', 'stop')
  expect((await status()).processes.find(({ name }) => name === 'controller-2')!.state).toBe('frozen')
  expect((await skykeel.run('status')).code).toBe(3)
  expect(await logIn('devstack')).toBe(201)
  await skykeel.run('kill', 'controller-2', '--signal', 'CONT')
  await ready()
})

test('killed, the database, the balancer and the agent come back', async () => {
  const names = ['postgres', 'balancer', 'nova-compute-1']
  const before = await Promise.all(names.map(pidOf))
  for (const name of names) await skykeel.run('kill', name)
  for (const [index, name] of names.entries()) await readyWith(name, before[index]!)
  expect(await logIn('devstack')).toBe(201)
})

test('a second supervisor is refused', async () => {
  const { code, stderr } = await skykeel.run('up')
  expect(code).toBe(1)
  expect(stderr).toContain(`A cloud already runs in ${stateDir}`)
})

test('a taken port is refused in the foreground and as a daemon', async () => {
  const port = new URL((await status()).auth_url).port
  const other = join(home, 'other')
  for (const detach of [[], ['-d']]) {
    const { code, stderr, stdout } = await skykeel.run('up', ...detach, '--state-dir', other, '--port', port)
    expect(code).toBe(1)
    expect(stderr + stdout).toContain(`Port ${port} of 127.0.0.1 is taken`)
  }
  expect((await skykeel.run('down', '--state-dir', other)).stdout).toContain('No cloud runs in')
})

test('a cloud whose supervisor was killed serves on, and the next one takes every process over', async () => {
  const before = await status()
  await skykeel.run('kill', 'supervisor')
  await up.ended
  expect(await logIn('devstack')).toBe(201)
  const after = await skykeel.run('up', '-d')
  expect(after).toMatchObject({ code: 0, stdout: expect.stringContaining('READY in') })
  const pids = (one: CloudStatus) => one.processes.slice(1).map(({ name, pid }) => [name, pid])
  expect(pids(await status())).toEqual(pids(before))
  await skykeel.run('kill', 'controller-1')
  await readyWith('controller-1', before.processes.find(({ name }) => name === 'controller-1')!.pid)
})

test('logs shows what the processes wrote', async () => {
  expect((await skykeel.run('logs', '-n', '1000', 'controller-2')).stdout).toContain('a controller serves')
  expect((await skykeel.run('logs', 'postgress')).stderr).toContain('Did you mean postgres?')
})

test('down ends everything, and the next start goes on with the same state', async () => {
  const before = await status()
  const { auth } = clouds()['devstack']!
  expect((await skykeel.run('down')).stdout).toContain('The cloud is stopped.')
  expect(before.processes.filter(({ pid }) => isAlive(pid))).toEqual([])
  expect(await status()).toMatchObject({ ready: false })
  expect((await skykeel.run('up', '-d', '--controllers', '1', '--hosts', '0')).code).toBe(0)
  expect((await status()).processes.map(({ name }) => name)).toEqual(['supervisor', 'balancer', 'postgres', 'controller-1'])
  expect(clouds()['devstack']!.auth).toEqual(auth)
})

test('down ends what a killed supervisor left behind; purge removes everything', async () => {
  const before = await status()
  await skykeel.run('kill', 'supervisor')
  await until(() => !isAlive(before.processes[0]!.pid))
  expect((await skykeel.run('down', '--purge')).stdout).toContain(`Removed ${stateDir}`)
  expect(before.processes.filter(({ pid }) => isAlive(pid))).toEqual([])
  expect(existsSync(stateDir)).toBe(false)
})

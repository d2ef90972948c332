import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../../test/helpers/embedded-cloud.ts'
import { until } from '../../test/helpers/until.ts'
import { runningDatabase } from '../embedded/own-database.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import type { KeysStatus } from '../keystone/contract.ts'

vi.setConfig({ testTimeout: 120_000 })
const skykeel = commandWith({})
let cloud: EmbeddedCloud
const keys = (...args: string[]) => skykeel.run('keys', ...args, '--state-dir', cloud.stateDir)
const status = async () => JSON.parse((await keys('status', '--json')).stdout) as KeysStatus
const secret = () => (JSON.parse(readFileSync(join(cloud.stateDir, 'secrets.json'), 'utf8')) as { cloudSecret: string }).cloudSecret
const works = async (token: string) =>
  (await fetch(`${cloud.url}/identity/v3/auth/projects`, { headers: { 'x-auth-token': token } })).status === 200
const everybodyHolds = () =>
  until(async () => (await status()).waitingFor.length === 0, { what: 'all to hold the staged key', timeoutMs: 20_000 })

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ hosts: 1 })
})
afterAll(async () => cloud.down())

test('status tells which keys there are and who holds them, and no secret', async () => {
  await until(async () => (await status()).instances.length === 2, { what: 'both to have told of their keys', timeoutMs: 20_000 })
  const found = await status()
  expect(found).toMatchObject({ primary: 1, staged: 2, older: [], waitingFor: [] })
  expect(found.instances.map(({ name, newestKey, counts }) => [name, newestKey, counts])).toEqual([
    ['controller-1', 2, true],
    ['controller-2', 2, true],
  ])
  const { code, stdout } = await keys('status')
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^Key 1 seals tokens, since .*; key 2 is staged\.\n {2}controller-1 {2}holds key 2,/),
  ])
  expect(`${stdout}${JSON.stringify(found)}`).not.toMatch(/[\w+/-]{32}/)
})

test('rotate seals with the next key, and older tokens stay good', async () => {
  const { token: before } = await cloud.token('demo', 'demo')
  expect(await keys('rotate')).toMatchObject({ code: 0, stdout: 'Tokens are sealed with key 2 now; key 3 is staged.\n' })
  const { token: after } = await cloud.token('demo', 'demo')
  expect([await works(before), await works(after)]).toEqual([true, true])
  // Everybody has to hear of key 3 first.
  expect(await keys('rotate')).toMatchObject({ code: 0, stdout: 'Tokens are sealed with key 3 now; key 4 is staged.\n' })
  expect(await status()).toMatchObject({ primary: 3, staged: 4, older: [2, 1] })
})

test('a controller that can not hold the key is named, and waited for until another has its place', async () => {
  await everybodyHolds()
  await skykeel.run('kill', 'controller-2', '--signal', 'STOP', '--state-dir', cloud.stateDir)
  expect(await keys('rotate')).toMatchObject({ code: 0 })
  expect(await keys('rotate', '--wait', '0')).toMatchObject({ code: 3, stdout: expect.stringMatching(/^Not rotated: .*controller-2/) })
  expect(await keys('status')).toMatchObject({ stdout: expect.stringMatching(/controller-2 .*, a rotation waits for it\n/) })
  await skykeel.run('kill', 'controller-2', '--state-dir', cloud.stateDir)
  // Sooner than one that is dead and has no successor is given up.
  expect(await keys('rotate', '--wait', '20')).toMatchObject({ code: 0, stdout: expect.stringContaining('key 5 now') })
})

test('on a host of a larger cloud the configuration of its controller says all', async () => {
  const file = join(cloud.homeDir, 'controller.yaml')
  const write = (secret: string, database: string) => writeFileSync(file, JSON.stringify({ state_dir: '/nowhere', database, secret }))
  const database = (await runningDatabase(stateDirAt(cloud.stateDir)))!
  write(secret(), database)
  const before = await status()
  expect(await skykeel.run('keys', 'rotate', '--config', file)).toMatchObject({ code: 0, stderr: '' })
  expect((await status()).primary).toBe(before.staged)
  write('the secret of another cloud, of 32 characters', database)
  expect(await skykeel.run('keys', 'rotate', '--config', file)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('that of another cloud'),
  })
  expect((await status()).primary).toBe(before.staged)
})

test.each([
  [['rotaet'], 'Did you mean rotate?'],
  [[], 'needs to know what to do'],
  [['rotate', '--wait', 'long'], '--wait: long is no number of seconds'],
  [['status', '--state-dir', '/nowhere'], 'The secret of the cloud is not here'],
])('%j can not begin', async (args, says) => {
  const { code, stderr } = await skykeel.run('keys', '--state-dir', cloud.stateDir, ...args)
  expect([code, stderr]).toEqual([1, expect.stringContaining(says)])
})

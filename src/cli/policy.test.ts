import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../../test/helpers/embedded-cloud.ts'

vi.setConfig({ testTimeout: 60_000 })
const skykeel = commandWith({})
let cloud: EmbeddedCloud
const policy = (...args: string[]) => skykeel.run('policy', ...args, '--state-dir', cloud.stateDir)
const demo = ['--user', 'demo', '--project', 'demo']

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ hosts: 1 })
}, 60_000)
afterAll(async () => cloud.down())

test('list shows every rule with its check, and what a user may do', async () => {
  const all = await policy('list')
  expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/^os_compute_api:servers:delete {2,}rule:project_member_or_admin$/m) })
  const { stdout } = await policy('list', ...demo)
  expect(stdout).toMatch(/^yes {2}os_compute_api:servers:delete /m)
  expect(stdout).toMatch(/^no {3}identity:list_users /m)
  const told = JSON.parse((await policy('list', '--user', 'admin', '--system', '--json')).stdout) as { name: string; may: boolean }[]
  expect(told.find(({ name }) => name === 'identity:list_users')).toMatchObject({ may: true })
})

test('check says whether and why, for what is his own and for what is not', async () => {
  const may = await policy('check', ...demo, '--rule', 'os_compute_api:servers:delete')
  expect(may.code).toBe(0)
  expect(may.stdout).toMatch(/^demo may, with the roles member, reader\n/)
  expect(may.stdout).toMatch(/^ +yes {2}project_id:%\(project_id\)s$/m)
  expect(may.stdout).toMatch(/^ +no {3}role:admin$/m)
  const other = await policy('check', ...demo, '--rule', 'os_compute_api:servers:delete', '--target', 'project_id=another')
  expect([other.code, other.stdout.split('\n')[0]]).toEqual([3, 'demo may not, with the roles member, reader'])
})

test('the policy file of the cloud counts', async () => {
  const file = join(cloud.homeDir, 'policy.yaml')
  writeFileSync(file, '"identity:list_users": "role:member"\n')
  const asked = await policy('check', ...demo, '--rule', 'identity:list_users', '--policy-file', file)
  expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(/^ +yes {2}role:member$/m)])
  expect((await policy('list', '--policy-file', file)).stdout).toMatch(/^identity:list_users +role:member$/m)
})

test.each([
  [['check', '--rule', 'identity:list_users'], 'Who asks?'],
  [['check', '--user', 'demo'], 'Which rule?'],
  [['check', ...demo, '--rule', 'identity:list_user'], 'identity:list_users'],
  [['check', '--user', 'nobody', '--rule', 'owner'], 'Could not find user: nobody'],
  [['check', '--user', 'demo', '--project', 'nowhere', '--rule', 'owner'], 'Could not find project: nowhere'],
  [['check', ...demo, '--system', '--rule', 'owner'], 'one place'],
  [['check', ...demo, '--rule', 'owner', '--target', 'project'], 'no KEY=VALUE'],
  [['lst'], 'list'],
])('what can not be told is said, with a way out: %s', async (args, words) => {
  const { code, stderr } = await policy(...args)
  expect([code, stderr]).toEqual([1, expect.stringContaining(words)])
})

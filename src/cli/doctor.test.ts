import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../../test/helpers/embedded-cloud.ts'

const skykeel = commandWith({})
let cloud: EmbeddedCloud
beforeAll(async () => {
  cloud = await startEmbeddedCloud({ hosts: 1 })
})
afterAll(() => cloud.down())

const doctor = async () => {
  const { code, stdout, stderr } = await skykeel.run('doctor', '--json', '--state-dir', cloud.stateDir)
  expect(stderr).toBe('')
  const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string; findings: { problem: string }[] }[] }
  return { code, of: new Map(checks.map((check) => [check.id, check])) }
}

test('a cloud that is well is found well', async () => {
  const { code, of } = await doctor()
  expect(code).toBe(0)
  for (const id of [
    'database-hosts',
    'database-writable',
    'migrations',
    'processes',
    'controllers',
    'overdue-work',
    'waiting-work',
    'dead-letters',
    'hosts',
  ])
    expect(of.get(id), id).toMatchObject({ state: 'ok' })
  const { stdout } = await skykeel.run('doctor', '--state-dir', cloud.stateDir)
  expect(stdout).toMatch(/ok +migrations +whether the schema is that of this release/)
})

test('a frozen controller is named, with what to do', async () => {
  await skykeel.run('kill', 'controller-2', '-s', 'STOP', '--state-dir', cloud.stateDir)
  const { code, stdout } = await skykeel.run('doctor', '--state-dir', cloud.stateDir)
  await skykeel.run('kill', 'controller-2', '-s', 'CONT', '--state-dir', cloud.stateDir)
  expect(code).toBe(1)
  expect(stdout).toMatch(/ERROR +processes[^]*controller-2 is frozen\.\n.*skykeel logs controller-2/)
  expect(stdout).toContain('controller-2 does not answer')
})

test('a stopped cloud is no error', async () => {
  await cloud.stop()
  const { code, of } = await doctor()
  expect(code).toBe(0)
  expect(of.get('processes')!.findings.map(({ problem }) => problem)).toEqual(['The cloud is stopped'])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'skykeel-topology-'))
afterAll(() => rmSync(folder, { recursive: true }))
const skykeel = commandWith({ SKYKEEL_STATE_DIR: folder })
const write = (hosts: string, more = '') => writeFileSync(join(folder, 'skykeel.yaml'), `topology:\n${more}\n  hosts:\n${hosts}\n`)

const all = 'controller, balancer, database, message-queue'
const three = [
  ...[1, 2, 3].map((n) => `    c${n}: {address: 10.0.0.1${n}, zone: rack-${n}, roles: [${all}]}`),
  '    n1: {address: 10.0.0.21, zone: rack-1, roles: [nova-compute]}',
  '    n2: {address: 10.0.0.22, zone: rack-2, roles: [nova-compute]}',
].join('\n')
const sound = '  address: 10.0.0.10\n  database: galera\n  images: {folder: /srv/images, shared: true}'

describe('skykeel topology check', () => {
  test('finds no fault in a sound cloud', async () => {
    write(three, sound)
    const { code, stdout } = await skykeel.run('topology', 'check')
    expect(code).toBe(0)
    expect(stdout).toContain('0 errors, 0 warnings, 2 notes')
  })

  test('says what breaks in another, how to mend it, and fails', async () => {
    write('    c1: {address: 10.0.0.11, roles: [controller, balancer, database]}', '  database: galera')
    const { code, stdout } = await skykeel.run('topology', 'check')
    expect(code).toBe(1)
    expect(stdout).toContain(
      [
        'ERRORS',
        '',
        '  rabbitmq (no-broker)',
        '    No host runs the message queue, so no order ever reaches a hypervisor.',
        '    Give the role message-queue to three hosts, or write `queue: database` with Patroni.',
      ].join('\n'),
    )
    expect(stdout.indexOf('ERRORS')).toBeLessThan(stdout.indexOf('WARNINGS'))
    const { findings } = JSON.parse((await skykeel.run('topology', 'check', '--json')).stdout) as { findings: object[] }
    expect(findings[0]).toEqual({
      rule: 'no-broker',
      severity: 'error',
      subject: 'rabbitmq',
      breaks: expect.any(String),
      fix: expect.any(String),
    })
  })

  test('explains what is no topology', async () => {
    write('    c1: {address: 10.0.0.11, roles: [controler]}')
    const { code, stderr } = await skykeel.run('topology', 'check')
    expect(code).toBe(1)
    expect(stderr).toContain(`${folder}/skykeel.yaml: topology.hosts.c1.roles: "controler" won't do`)
    expect(stderr).toContain('Did you mean controller?')
    expect(stderr).not.toContain('this should not happen')
  })
})

describe('skykeel topology breaks', () => {
  test('shows what each death takes along', async () => {
    write(three, sound)
    const { code, stdout } = await skykeel.run('topology', 'breaks')
    expect(code).toBe(0)
    expect(stdout).toContain('Any one host may die, and the cloud as a whole loses nothing.')
    expect(stdout).toMatch(/^c1 +in about 10 s +0 +nothing$/m)
    expect(stdout).toMatch(/^n1 +by nobody +0 +n1 carries out orders, guests on n1 run$/m)
    expect(stdout).toMatch(/^c3\/galera +in about 3 s +0 +nothing$/m)
    expect(stdout).not.toContain('PAIRS')
    expect((await skykeel.run('topology', 'breaks', '--pairs')).stdout).toMatch(/^c1 \+ c2 +by nobody +- +state can be read and changed, /m)
  })

  test('tells one death in full', async () => {
    write(three, sound)
    expect((await skykeel.run('topology', 'breaks', 'c1/galera')).stdout).toBe(
      [
        'Without c1/galera:',
        '  Lost: nothing',
        '  Taken over: in about 3 s',
        '  More hosts that may die, whichever they are: 0',
        '',
        '  galera  The other nodes go on with all data; writes wait until they have given this one up.',
        '',
      ].join('\n'),
    )
    const { breaks } = JSON.parse((await skykeel.run('topology', 'breaks', 'c2', 'c1', '--json')).stdout) as { breaks: object[] }
    expect(breaks).toEqual([
      expect.objectContaining({
        kind: 'pair',
        subject: 'c1 + c2',
        lost: ['database', 'api', 'orders', 'building', 'images'],
        about_seconds: null,
        more_hosts_that_may_die: null,
      }),
    ])
    expect((await skykeel.run('topology', 'breaks', 'c1/galara')).stderr).toContain('Did you mean c1/galera?')
  })
})

describe('skykeel topology list', () => {
  test('needs no topology, and shows services and state', async () => {
    rmSync(join(folder, 'skykeel.yaml'), { force: true })
    const { code, stdout } = await skykeel.run('topology', 'list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^nova-conductor +stateless +active\/active$/m)
    expect(stdout).toMatch(/^token \(Fernet\) keys +database +active\/active or active\/passive$/m)
    const { services, state } = JSON.parse((await skykeel.run('topology', 'list', '--json')).stdout) as Record<string, object[]>
    expect(services).toContainEqual(expect.objectContaining({ name: 'keystone-api', class: 'stateless', why: expect.any(String) }))
    expect(state).toContainEqual(expect.objectContaining({ name: 'quota usage', home: 'database' }))
    expect((await skykeel.run('topology', 'list', '--markdown')).stdout).toContain('| service | class | mode | why |')
  })

  test('the others ask for a file, and an unknown action for a known one', async () => {
    expect((await skykeel.run('topology', 'breaks')).stderr).toContain('There is no configuration file')
    expect((await skykeel.run('topology', 'lst')).stderr).toContain('Did you mean list?')
  })
})

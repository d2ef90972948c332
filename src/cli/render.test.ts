import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'

const secret = 'the secret of a cloud that is only tested'
const topology = `region: Here
topology:
  address: 10.0.0.10
  tls: private
  hosts:
    c1: {address: 10.0.0.11, roles: [controller, balancer, database, message-queue]}
    n1: {address: 10.0.0.21, roles: [nova-compute]}
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skykeel-render-'))
  writeFileSync(join(folder, 'skykeel.yaml'), topology)
})
afterEach(() => rmSync(folder, { recursive: true }))

const skykeel = (...args: string[]) => commandWith({ SKYKEEL_STATE_DIR: folder, SKYKEEL_SECRET: secret }).run('render', ...args)
const render = (...args: string[]) => skykeel('--out', join(folder, 'hosts'), ...args)
const text = (path: string) => readFileSync(join(folder, 'hosts', path), 'utf8')

test('writes everything for all hosts, and the second time nothing new', async () => {
  const { code, stdout } = await render()
  expect(code).toBe(0)
  expect(stdout).toContain('new      c1/etc/skykeel/patroni/patroni.yaml')
  expect(text('c1/etc/skykeel/controller.yaml')).toContain('region: "Here"')
  expect(text('c1/install')).toContain('put 0640 skykeel /etc/skykeel/controller.yaml')
  expect(text('tls/openssl.cnf')).toContain('IP:10.0.0.10')
  expect(statSync(join(folder, 'hosts/c1/etc/skykeel/controller.yaml')).mode & 0o777).toBe(0o600)
  expect((await render()).stdout).toBe(`${join(folder, 'hosts')} is up to date.\n`)
})

test('tells the difference before it makes it, and what is left over', async () => {
  await render()
  appendFileSync(join(folder, 'hosts/n1/old.conf'), '')
  writeFileSync(join(folder, 'skykeel.yaml'), topology.replace('region: Here', 'region: There'))
  const { code, stdout } = await render('--diff')
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'changed  c1/etc/skykeel/controller.yaml\nstray    n1/old.conf\n' })
  expect(text('c1/etc/skykeel/controller.yaml')).toContain('region: "Here"')
})

test('renders one host alone', async () => {
  const { stdout } = await skykeel('--list', 'n1')
  expect(stdout).toContain('0640 skykeel  n1/etc/skykeel/nova-compute.yaml')
  expect(stdout).not.toMatch(/ (c1|tls)\//)
})

test('explains what is missing', async () => {
  expect(await skykeel('--list', 'c9')).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean c1?') })
  expect(await skykeel()).toMatchObject({ code: 1, stderr: expect.stringContaining('Give --out DIR') })
  const without = await commandWith({ SKYKEEL_STATE_DIR: folder }).run('render', '--list')
  expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('The setting secret is missing') })
})

test('prints the configuration of HAProxy alone', async () => {
  const { code, stdout } = await skykeel('haproxy', '--port', '80', 'one=10.0.0.1:7770')
  expect(code).toBe(0)
  expect(stdout).toContain('bind 127.0.0.1:80\n')
  expect(stdout).toContain('server one 10.0.0.1:7770\n')
})

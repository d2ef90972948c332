import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cloudsYaml, openrc } from './clouds-yaml.ts'
import { dropLock, holderOf, takeLock } from './lock.ts'
import { boundLogs, tailOf } from './logs.ts'
import { ensureSecrets } from './secrets.ts'
import { logOf, makeStateDir, type StateDir } from './state-dir.ts'

let root = ''
let dir: StateDir
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'skykeel-state-'))
  dir = makeStateDir(join(root, 'cloud'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('a directory has one supervisor at a time', () => {
  takeLock(dir)
  expect(holderOf(dir)?.pid).toBe(process.pid)
  expect(() => takeLock(dir)).toThrow(`A cloud already runs in ${dir.root} (process ${process.pid})`)
  dropLock(dir)
  expect(holderOf(dir)).toBeUndefined()
})

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
  ['whose number another process has by now', JSON.stringify({ pid: process.pid, startedAt: '1' })],
  ['that was written half', '{"pid":'],
])('a lock %s counts for nothing', (_, content) => {
  writeFileSync(dir.lock, content)
  takeLock(dir)
  expect(holderOf(dir)?.pid).toBe(process.pid)
})

test('the state directory is closed to others, and a file in its way is named', () => {
  expect(statSync(dir.root).mode & 0o077).toBe(0)
  writeFileSync(join(root, 'file'), '')
  expect(() => makeStateDir(join(root, 'file', 'cloud'))).toThrow('a file is in its way')
})

test('secrets are made once, or given once', () => {
  const first = ensureSecrets(dir, { adminPassword: 'chosen' })
  expect(first).toEqual({ cloudSecret: expect.stringMatching(/^.{43}$/), adminPassword: 'chosen' })
  expect(ensureSecrets(dir, {})).toEqual(first)
  expect(() => ensureSecrets(dir, { adminPassword: 'another' })).toThrow('was made with another password')
})

test('a log that grows too large is set aside, and its writer goes on in it', () => {
  const path = logOf(dir, 'controller-1')
  appendFileSync(path, 'old\n'.repeat(100))
  boundLogs(dir, 100)
  appendFileSync(path, 'new\n')
  expect(readFileSync(path, 'utf8')).toBe('new\n')
  expect(tailOf(`${path}.1`, 2)).toBe('old\nold')
})

test('clouds.yaml names users and scopes as DevStack does, whatever is in the password', () => {
  const access = { authUrl: 'http://127.0.0.1:1/identity/v3', region: 'RegionOne', password: `a"b'c: #\\` }
  const { clouds } = parse(cloudsYaml(access)) as { clouds: Record<string, { auth: object }> }
  expect(clouds['devstack']!.auth).toMatchObject({ username: 'demo', project_name: 'demo', password: access.password })
  expect(clouds['devstack-system-admin']!.auth).toEqual({
    auth_url: access.authUrl,
    username: 'admin',
    password: access.password,
    user_domain_id: 'default',
    system_scope: 'all',
  })
  expect(openrc('devstack-alt', access)).toMatchObject({ OS_USERNAME: 'alt_demo', OS_PROJECT_NAME: 'alt_demo' })
  expect(openrc('nobody', access)).toBeUndefined()
})

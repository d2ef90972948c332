import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandWith } from '../../test/helpers/command.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../../test/helpers/embedded-cloud.ts'
import { until } from '../../test/helpers/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'skykeel-backup-cli-'))
const [archive, passphrase, wrong] = ['cloud.skykeel', 'passphrase', 'wrong'].map((name) => join(folder, name)) as [string, string, string]
const skykeel = commandWith({})
let cloud: EmbeddedCloud

const call = async (method: string, path: string, body?: unknown): Promise<any> => {
  const { token } = await cloud.token('demo', 'demo')
  const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
  const answer = await fetch(`${cloud.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
const run = (...args: string[]) => skykeel.run(...args, '--state-dir', cloud.stateDir)
const serverOf = async (id: string) => (await call('GET', `/compute/v2.1/servers/${id}`)).server

beforeAll(async () => {
  writeFileSync(passphrase, 'correct horse battery staple\n')
  writeFileSync(wrong, 'another one\n')
  cloud = await startEmbeddedCloud({ hosts: 1 })
})
afterAll(async () => {
  await cloud.down()
  rmSync(folder, { recursive: true, force: true })
})

test('a cloud that was purged is back after a restore', { timeout: 180_000 }, async () => {
  const [image] = (await call('GET', '/image/v2/images')).images
  const [network] = (await call('GET', '/networking/v2.0/networks?name=private')).networks
  const made = await call('POST', '/compute/v2.1/servers', {
    server: { name: 'kept', flavorRef: '42', imageRef: image.id, networks: [{ uuid: network.id }] },
  })
  const { id } = made.server
  await until(async () => (await serverOf(id)).status === 'ACTIVE', { what: 'the server to be active', timeoutMs: 30_000 })
  const before = await serverOf(id)

  const taken = await run('backup', '--out', archive, '--passphrase-file', passphrase)
  expect(taken).toMatchObject({ code: 0, stderr: '' })
  expect(taken.stdout).toMatch(/rows of \d+ tables, 1 image of 16,384 bytes, as of .*\nThe secret of the cloud is sealed/)
  expect(statSync(archive).mode & 0o777).toBe(0o600)
  expect(readFileSync(archive).includes(JSON.parse(readFileSync(join(cloud.stateDir, 'secrets.json'), 'utf8')).cloudSecret)).toBe(false)
  expect(await run('backup', '--out', archive)).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
  expect(await run('restore', archive, '--force')).toMatchObject({ code: 1, stderr: expect.stringContaining('A cloud already runs') })
  await call('DELETE', `/compute/v2.1/servers/${id}`)

  await cloud.stop()
  expect(await run('restore', archive)).toMatchObject({ code: 1, stderr: expect.stringContaining('holds a cloud already') })
  await skykeel.run('down', '--purge', '--state-dir', cloud.stateDir)
  expect(await run('restore', archive)).toMatchObject({ code: 1, stderr: expect.stringContaining('Give --passphrase-file') })
  expect(await run('restore', archive, '--passphrase-file', wrong)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not open the secrets'),
  })
  expect(await run('restore', archive, '--passphrase-file', passphrase)).toMatchObject({ code: 0, stderr: '' })

  await cloud.start()
  const { token } = await cloud.token('demo', 'demo')
  expect(token).toBeTruthy()
  expect(await serverOf(id)).toMatchObject({ name: 'kept', status: 'ACTIVE', addresses: before.addresses, created: before.created })
  const bytes = await fetch(`${cloud.url}/image/v2/images/${image.id}/file`, { headers: { 'x-auth-token': token } })
  expect((await bytes.arrayBuffer()).byteLength).toBe(16_384)
  // What was restored can be changed, and room and addresses are given back.
  await call('DELETE', `/compute/v2.1/servers/${id}`)
  await until(async () => (await call('GET', '/compute/v2.1/servers')).servers.length === 0, {
    what: 'the server to be gone',
    timeoutMs: 30_000,
  })
})

test('an archive is verified without anything being changed', async () => {
  expect(await skykeel.run('backup', '--verify', archive)).toMatchObject({ code: 0, stdout: expect.stringContaining('It is whole') })
  const bytes = readFileSync(archive)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(`${archive}.damaged`, bytes)
  const { code, stderr } = await skykeel.run('backup', '--verify', `${archive}.damaged`)
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is damaged: its checksum is not that of its bytes') })
})

test('a stopped cloud is backed up too', async () => {
  await cloud.stop()
  expect(await run('backup', '--out', join(folder, 'stopped'), '--without-images')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Without'),
  })
  expect(await run('status')).toMatchObject({ code: 3 })
})

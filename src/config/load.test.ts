import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig, type Sources } from './load.ts'
import { nearest } from './nearest.ts'
import { showConfig } from './show.ts'
import { readTopology } from './topology.ts'

let stateDir = ''
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'skykeel-config-'))
})
afterEach(() => rmSync(stateDir, { recursive: true }))

const load = (sources: Partial<Sources> = {}) =>
  loadConfig({ cwd: '/srv', ...sources, env: { SKYKEEL_STATE_DIR: stateDir, ...sources.env } })
const write = (content: string) => writeFileSync(join(stateDir, 'skykeel.yaml'), content)

test('without anything said, the defaults hold', async () => {
  const { config, file } = await load()
  expect(config).toMatchObject({ host: '127.0.0.1', controllers: 2, hosts: 3, ephemeral: false, database: undefined })
  expect(file).toBeUndefined()
})

test('flags win over the environment, that over the file, that over the defaults', async () => {
  write('controllers: 3\nhosts: 4\nport: 1000\n')
  const { config, sources } = await load({ env: { SKYKEEL_HOSTS: '5', SKYKEEL_PORT: '2000' }, flags: { port: '3000' } })
  expect(config).toMatchObject({ controllers: 3, hosts: 5, port: 3000 })
  expect(sources).toMatchObject({ controllers: `${stateDir}/skykeel.yaml: controllers`, hosts: 'SKYKEEL_HOSTS', port: '--port' })
})

test('an unknown key is refused, and the nearest one named', async () => {
  write('controlers: 3\n')
  await expect(load()).rejects.toMatchObject({
    message: expect.stringContaining('no setting controlers'),
    hint: 'Did you mean controllers?',
  })
})

test('a topology beside the settings is let through, and read only when it is asked for', async () => {
  write('region: North\ntopology: {hosts: {c1: {address: 10.0.0.11, roles: [controller, balancer]}}}\n')
  expect(await readTopology(await load())).toMatchObject({ address: '10.0.0.11', region: 'North' })
  write('lockout_failure_attempts: 6\ntopology: {hosts: {c1: {address: 10.0.0.11, roles: [controller, balancer]}}}\n')
  const { controllerSettings } = await readTopology(await load({ env: { SKYKEEL_PASSWORD_REGEX: '.{8}' } }))
  expect(controllerSettings).toEqual({ lockout_failure_attempts: 6, password_regex: '.{8}' })
  write(
    `image_bucket: s3+https://key:secret@s3.example.com/images\ntopology: {hosts: {c1: {address: 10.0.0.11, roles: [controller, balancer]}}}\n`,
  )
  expect(await readTopology(await load())).toMatchObject({
    images: { shared: true },
    controllerSettings: { image_bucket: 's3+https://key:secret@s3.example.com/images' },
  })
  write('topology: {hosts: nowhere}\n')
  const loaded = await load()
  await expect(readTopology(loaded)).rejects.toThrow(`${stateDir}/skykeel.yaml: topology.hosts: "nowhere" won't do`)
})

test('a topology that is not there is explained', async () => {
  await expect(readTopology(await load())).rejects.toThrow('There is no configuration file')
  write('port: 1\n')
  await expect(readTopology(await load())).rejects.toThrow('has no section `topology`')
})

test('a value of the wrong kind is refused with its source and what it should be', async () => {
  await expect(load({ env: { SKYKEEL_PORT: '70000' } })).rejects.toThrow(
    `SKYKEEL_PORT: "70000" won't do, it must be a whole number from 0 to 65535`,
  )
  await expect(load({ flags: { logLevel: 'loud' } })).rejects.toThrow(
    '--log-level: "loud" won\'t do, it must be one of debug, info, warn, error',
  )
  await expect(load({ env: { SKYKEEL_PASSWORD_REGEX: '(' } })).rejects.toThrow('it must be a regular expression')
  write('ephemeral: perhaps\n')
  await expect(load()).rejects.toThrow('must be true or false')
})

test('a refused secret is not repeated', async () => {
  const error = await load({ env: { SKYKEEL_SECRET: 'too short' } }).catch((thrown: Error) => thrown)
  expect(String(error)).not.toContain('too short')
})

test('a file that is no YAML, no mapping or not there is explained', async () => {
  write('controllers: [')
  await expect(load()).rejects.toThrow('is no valid YAML')
  write('- 1')
  await expect(load()).rejects.toThrow('must hold settings')
  await expect(load({ configFile: '/nowhere/x.yaml' })).rejects.toThrow("/nowhere/x.yaml can't be read: ENOENT")
  write('')
  expect((await load()).config.controllers).toBe(2)
})

test('relative paths start at the working directory, in the file at the file', async () => {
  write('policy_file: policy.yaml\n')
  const { config } = await load({ flags: { imageFolder: 'images' } })
  expect(config).toMatchObject({ policyFile: join(stateDir, 'policy.yaml'), imageFolder: '/srv/images' })
})

test('a bucket is named by all that it takes to reach it, or refused without its secret', async () => {
  const load1 = (imageBucket: string) => load({ env: { SKYKEEL_IMAGE_BUCKET: imageBucket } })
  for (const url of ['s3+https://key:secret@s3.example.com/images', 's3+http://k%3Ae:s@[::1]:9000/my.images?region=eu-1'])
    expect((await load1(url)).config.imageBucket).toBe(url)
  for (const url of [
    's3://key:secret@host/images',
    's3+https://key@host/images',
    's3+https://key:secret@host',
    's3+https://key:secret@host/a/b',
  ])
    await expect(load1(url)).rejects.toMatchObject({ message: expect.not.stringContaining('secret@') })
})

test('a misspelt variable is worth a warning, a foreign one is not', async () => {
  expect((await load({ env: { SKYKEEL_CONTROLERS: '1', SKYKEEL_DRILL_REPORT_FOLDER: 'x' } })).warnings).toEqual([
    'SKYKEEL_CONTROLERS is no setting; did you mean SKYKEEL_CONTROLLERS?',
  ])
})

test('the effective configuration can be shown without its secrets, and read back', async () => {
  const shown = showConfig(await load({ flags: { adminPassword: 'hush', port: '1' } }))
  expect(shown).toContain('# admin_password: set, not shown')
  expect(shown).not.toContain('hush')
  const { parse } = await import('yaml')
  expect(parse(shown)).toMatchObject({ port: 1, controllers: 2 })
})

test('the nearest name is found only when it is near', () => {
  expect(nearest('stop', ['status', 'up', 'down'])).toBeUndefined()
  expect(nearest('staus', ['status', 'up', 'down'])).toBe('status')
})

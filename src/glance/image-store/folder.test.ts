import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../../test/helpers/until.ts'
import { openFolder } from './folder.ts'
import type { ImageStore } from './image-store.ts'

let folder: string
let store: ImageStore
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'skykeel-store-')), 'images')
  store = openFolder(folder)
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

test('a file that is being read stays readable when it is removed', async () => {
  const bytes = async function* () {
    yield Buffer.from('abc')
  }
  await store.write(bytes(), { name: 'a', maxBytes: 100 })
  const file = await store.read('a')
  await store.remove('a')
  expect(await text(file!)).toBe('abc')
})

test('a process killed while it writes leaves no file that looks whole', async () => {
  const program = `
    import { openFolder } from ${JSON.stringify(join(import.meta.dirname, 'folder.ts'))}
    await openFolder(${JSON.stringify(folder)}).write(process.stdin, { name: 'a', maxBytes: 1e9 })`
  const writer = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'inherit', 'inherit'] })
  writer.stdin.on('error', () => {})
  writer.stdin.write(Buffer.alloc(500_000))
  const there = async () => (await readdir(folder).catch(() => [])).length > 0
  await until(there, { what: 'the first bytes to be written', timeoutMs: 20_000 })
  writer.kill('SIGKILL')
  await once(writer, 'exit')
  expect(await store.read('a')).toBeUndefined()
  expect(await store.olderThan(new Date(Date.now() + 60_000))).toEqual(['a.part'])
})

test('a folder that is not there holds nothing', async () => {
  expect(await store.olderThan(new Date(Date.now() + 60_000))).toEqual([])
  expect(await store.read('a')).toBeUndefined()
})

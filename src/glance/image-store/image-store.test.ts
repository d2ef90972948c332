import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../test/helpers/until.ts'
import { emptyDisk } from '../seed/cirros.ts'
import { openImageStore, type ImageStore } from './image-store.ts'

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}

describe('the image store', () => {
  let folder: string
  let store: ImageStore
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'skykeel-store-')), 'images')
    store = openImageStore(folder)
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))
  const write = (name: string, source: AsyncIterable<Buffer>, maxBytes = 100) => store.write(source, { name, maxBytes })
  const text = async (name: string) => {
    const file = await store.open(name)
    const bytes = await file?.readFile('utf8')
    await file?.close()
    return bytes
  }

  test('what was written can be read, and its sums are right', async () => {
    expect(await write('a', pieces('ab', 'c'))).toEqual({
      name: 'a',
      sizeBytes: 3,
      disk: { format: 'raw', virtualSizeBytes: undefined, dangers: [] },
      md5: '900150983cd24fb0d6963f7d28e17f72',
      sha512: expect.stringMatching(/^ddaf35a193617abacc417349ae204131/),
    })
    expect(await text('a')).toBe('abc')
    expect(await text('b')).toBeUndefined()
  })

  test('too much, or a source that breaks, leaves nothing', async () => {
    const broken = async function* () {
      yield Buffer.from('x')
      throw new Error('the source breaks')
    }
    await expect(write('a', pieces('abc', 'def'), 5)).rejects.toMatchObject({ kind: 'tooLarge' })
    await expect(write('b', broken())).rejects.toThrow('the source breaks')
    expect(await readdir(folder)).toEqual([])
  })

  test('a file may be removed twice, and one that is being read stays readable', async () => {
    await write('a', pieces('abc'))
    const file = await store.open('a')
    await store.remove('a')
    await store.remove('a')
    expect(await file?.readFile('utf8')).toBe('abc')
    await file?.close()
  })

  test('a process killed while it writes leaves no file that looks whole', async () => {
    const program = `
      import { openImageStore } from ${JSON.stringify(join(import.meta.dirname, 'image-store.ts'))}
      await openImageStore(${JSON.stringify(folder)}).write(process.stdin, { name: 'a', maxBytes: 1e9 })`
    const writer = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'inherit', 'inherit'] })
    writer.stdin.on('error', () => {})
    writer.stdin.write(Buffer.alloc(500_000))
    const there = async () => (await readdir(folder).catch(() => [])).length > 0
    await until(there, { what: 'the first bytes to be written', timeoutMs: 20_000 })
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    expect(await text('a')).toBeUndefined()
    expect(await store.olderThan(new Date(Date.now() + 60_000))).toEqual(['a.part'])
  })

  test('a folder that is not there holds nothing', async () => {
    expect(await store.olderThan(new Date(Date.now() + 60_000))).toEqual([])
    expect(await text('a')).toBeUndefined()
  })

  test('the disk that a new cloud has says how large it is', async () => {
    const disk = async function* () {
      yield emptyDisk().subarray(0, 10)
      yield emptyDisk().subarray(10)
    }
    expect(await write('cirros', disk(), 2 ** 20)).toMatchObject({
      sizeBytes: 16_384,
      disk: { format: 'qcow2', virtualSizeBytes: 112 * 2 ** 20, dangers: [] },
    })
  })
})

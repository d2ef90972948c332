import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBucketServer } from '../../../test/helpers/bucket-server.ts'
import { has } from '../../../test/helpers/parts.ts'
import { emptyDisk } from '../seed/cirros.ts'
import { openImageStore, type ImageStore } from './image-store.ts'

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const piece of texts) yield Buffer.from(piece)
}

/** Each kind of place, empty, and how to end it. */
const places = {
  'a folder': async () => {
    const home = await mkdtemp(join(tmpdir(), 'skykeel-store-'))
    return { place: join(home, 'images'), end: () => rm(home, { recursive: true, force: true }) }
  },
  'a bucket': async () => {
    const server = await startBucketServer()
    return { place: server.url(), end: server.stop }
  },
}
const kinds = (['a folder', 'a bucket'] as const).filter((kind) => kind === 'a folder' || has('swift'))

describe.each(kinds)('images in %s', (kind) => {
  let store: ImageStore
  let end: () => Promise<void>
  beforeAll(async () => {
    const opened = await places[kind]()
    store = openImageStore(opened.place)
    end = opened.end
  }, 90_000)
  afterAll(() => end?.())
  const write = (name: string, source: AsyncIterable<Buffer>, maxBytes = 100) => store.write(source, { name, maxBytes })
  const read = async (...args: Parameters<ImageStore['read']>) => {
    const stream = await store.read(...args)
    return stream && text(stream)
  }
  const all = () => store.olderThan(new Date(Date.now() + 60_000))

  test('what was written can be read, whole and in parts, and its sums are right', async () => {
    const name = randomUUID()
    expect(await write(name, pieces('ab', 'cd'))).toEqual({
      name,
      sizeBytes: 4,
      disk: { format: 'raw', virtualSizeBytes: undefined, dangers: [] },
      md5: 'e2fc714c4727ee9395f324cd2e7f331f',
      sha512: expect.stringMatching(/^d8022f2060ad6efd297ab73dcc5355c9/),
    })
    expect(await read(name)).toBe('abcd')
    expect(await read(name, { start: 1, end: 2 })).toBe('bc')
    expect(await read(name, { start: 2 })).toBe('cd')
    expect(await read(name, { start: 0, end: 0 })).toBe('a')
    expect(await read(randomUUID())).toBeUndefined()
    expect(store.urlOf(name)).toMatch(new RegExp(`^(file|s3\\+http)://[^@]*/images/${name}$`))
  })

  test('nothing at all is something too', async () => {
    const name = randomUUID()
    expect(await write(name, pieces())).toMatchObject({ sizeBytes: 0, disk: { format: 'raw' } })
    expect(await read(name)).toBe('')
    expect(await store.inspect(name)).toMatchObject({ format: 'raw' })
  })

  test('too much, or a source that breaks, leaves nothing', async () => {
    const before = await all()
    const broken = async function* () {
      yield Buffer.from('x')
      throw new Error('the source breaks')
    }
    await expect(write(randomUUID(), pieces('abc', 'def'), 5)).rejects.toMatchObject({ kind: 'tooLarge' })
    await expect(write(randomUUID(), broken())).rejects.toThrow('the source breaks')
    expect(await all()).toEqual(before)
  })

  test('a file may be removed twice', async () => {
    const name = randomUUID()
    await write(name, pieces('abc'))
    await store.remove(name)
    await store.remove(name)
    expect(await read(name)).toBeUndefined()
    expect(await store.inspect(name)).toBeUndefined()
    expect(await all()).not.toContain(name)
  })

  test('only what is old is named as old', async () => {
    const name = randomUUID()
    await write(name, pieces('abc'))
    expect(await store.olderThan(new Date(Date.now() - 60_000))).not.toContain(name)
    expect(await all()).toContain(name)
  })

  test('the disk that a new cloud has says how large it is', async () => {
    const name = randomUUID()
    const disk = async function* () {
      yield emptyDisk().subarray(0, 10)
      yield emptyDisk().subarray(10)
    }
    const facts = { format: 'qcow2', virtualSizeBytes: 112 * 2 ** 20, dangers: [] }
    expect(await write(name, disk(), 2 ** 20)).toMatchObject({ sizeBytes: 16_384, disk: facts })
    expect(await store.inspect(name)).toEqual(facts)
  })
})

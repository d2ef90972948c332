import { createHash, randomBytes } from 'node:crypto'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anActiveImage, anImage, sendStream, upload } from '../../../test/helpers/image-files.ts'
import { liveBufferBytes } from '../../../test/helpers/live-memory.ts'
import { tokenFor } from '../../../test/helpers/test-identity.ts'
import { until } from '../../../test/helpers/until.ts'
import { openImageStore } from '../contract.ts'
import { emptyDisk } from '../seed/cirros.ts'
import { forgetOrphanFiles } from '../upkeep.ts'

const md5Of = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex')
const megabyte = 2 ** 20

describe.each(databases)("images' bytes on %s", (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const demo = (controller = 0) => cloud.as('demo', { controller })
  const show = async (id: string) => (await demo().get(`/image/v2/images/${id}`)).body
  const download = (id: string, headers: Record<string, string> = {}) => demo(1).request('GET', `/image/v2/images/${id}/file`, { headers })
  const files = () => readdir(cloud.imageFolder)

  test('what was sent to one instance comes back from another, byte for byte', async () => {
    const bytes = randomBytes(3 * megabyte + 7)
    const id = await anImage(demo())
    const sent = await upload(demo(), id, bytes)
    expect([sent.status, await sent.text()]).toEqual([204, ''])
    expect(await show(id)).toMatchObject({
      status: 'active',
      size: bytes.length,
      virtual_size: bytes.length,
      checksum: md5Of(bytes),
      os_hash_algo: 'sha512',
      os_hash_value: createHash('sha512').update(bytes).digest('hex'),
      stores: 'file',
    })
    const got = await download(id)
    expect([got.status, got.headers.get('content-md5'), got.headers.get('content-length'), got.headers.get('content-type')]).toEqual([
      200,
      md5Of(bytes),
      `${bytes.length}`,
      'application/octet-stream',
    ])
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
  })

  test('a large image streams in and out through little memory', async () => {
    const chunk = randomBytes(megabyte)
    const hash = createHash('md5')
    const before = liveBufferBytes()
    const held: number[] = []
    const watch = () => held.push(liveBufferBytes() - before)
    const source = async function* () {
      for (let n = 0; n < 32; n++) {
        const part = Buffer.concat([Buffer.from([n]), chunk.subarray(1)])
        hash.update(part)
        if (n % 8 === 7) watch()
        yield part
      }
    }
    const id = await anImage(demo())
    expect(await sendStream(`${cloud.url}/image/v2/images/${id}/file`, await tokenFor(cloud.url)('demo'), source())).toBe(204)
    const sum = hash.digest('hex')
    expect(await show(id)).toMatchObject({ size: 32 * megabyte, checksum: sum })
    const got = createHash('md5')
    let count = 0
    for await (const part of (await download(id)).body!) {
      got.update(part)
      if (++count % 64 === 0) watch()
    }
    expect(got.digest('hex')).toBe(sum)
    // Single moments may hold what the collector has not swept yet.
    expect(held.toSorted((a, b) => a - b)[Math.floor(held.length / 2)]).toBeLessThan(6 * megabyte)
  })

  test('an image without bytes answers with none', async () => {
    const got = await download(await anImage(demo()))
    expect([got.status, await got.text()]).toEqual([204, ''])
  })

  test('an image may be empty', async () => {
    const id = await anActiveImage(demo(), {}, '')
    expect(await show(id)).toMatchObject({ status: 'active', size: 0, checksum: md5Of('') })
    const got = await download(id)
    expect([got.status, await got.text()]).toEqual([200, ''])
    expect((await download(id, { range: 'bytes=0-' })).status).toBe(416)
  })

  test('HEAD tells what GET would send', async () => {
    const id = await anActiveImage(demo(), {}, 'twelve bytes')
    const got = await demo().request('HEAD', `/image/v2/images/${id}/file`)
    expect([got.status, got.headers.get('content-length'), await got.text()]).toEqual([200, '12', ''])
  })

  test.each([
    ['bytes=0-3', 'abcd', 'bytes 0-3/10'],
    ['bytes=8-', 'ij', 'bytes 8-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=-99', 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=4-99', 'efghij', 'bytes 4-9/10'],
  ])('the range %s is that part', async (range, text, contentRange) => {
    const got = await download(await anActiveImage(demo(), {}, 'abcdefghij'), { range })
    expect([got.status, got.headers.get('content-range'), got.headers.get('content-length'), got.headers.get('content-md5')]).toEqual([
      206,
      contentRange,
      `${text.length}`,
      null,
    ])
    expect(await got.text()).toBe(text)
  })

  test.each([
    ['bytes=10-', 416],
    ['bytes=5-2', 416],
    ['bytes=-0', 416],
    ['bytes=x-y', 416],
    ['lines=1-2', 416],
    ['bytes=0-1,4-5', 400],
  ])('the range %s is refused', async (range, status) => {
    expect((await download(await anActiveImage(demo(), {}, 'abcdefghij'), { range })).status).toBe(status)
  })

  test('a qcow2 disk shows the size that guests see', async () => {
    const head = Buffer.alloc(512)
    head.write('QFI\xfb', 0, 'latin1')
    head.writeUInt32BE(2, 4)
    head.writeBigUInt64BE(5n * 2n ** 30n, 24)
    const id = await anImage(demo(), { disk_format: 'qcow2' })
    await upload(demo(), id, head)
    expect(await show(id)).toMatchObject({ size: 512, virtual_size: 5 * 2 ** 30 })
  })

  test.each([
    [{ disk_format: null, container_format: null }, 'Properties disk_format, container_format must be set prior to saving data.'],
    [{ container_format: null }, 'Property container_format must be set prior to saving data.'],
  ])('an image with %j takes no bytes', async (attributes, words) => {
    const refused = await upload(demo(), await anImage(demo(), attributes), 'x')
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(words)])
  })

  test('an upload is refused with the reason', async () => {
    const id = await anActiveImage(demo())
    const again = await upload(demo(), id, randomBytes(2 * megabyte))
    expect([again.status, await again.text()]).toEqual([
      409,
      expect.stringContaining('Image status transition from active to saving is not allowed'),
    ])
    expect((await upload(demo(), 'nosuch', 'x')).status).toBe(404)
    expect((await upload(cloud.as('demo_reader'), id, 'x')).status).toBe(403)
    expect((await upload(cloud.as('alt_demo'), id, 'x')).status).toBe(404)
    expect((await upload(demo(), id, 'x', { 'content-type': 'application/json' })).status).toBe(415)
    const queued = await anImage(demo())
    expect((await upload(demo(), queued, 'x', { 'x-openstack-image-size': '2' })).status).toBe(400)
    expect((await show(queued)).status).toBe('queued')
  })

  test('an upload that is not what the image says it is, or leads to other files, is refused, and leaves nothing', async () => {
    const before = await files()
    const id = await anImage(demo(), { disk_format: 'qcow2' })
    const lie = await upload(demo(), id, 'no disk')
    expect([lie.status, await lie.text()]).toEqual([415, expect.stringContaining('it is raw, not qcow2')])
    const backed = Buffer.alloc(512)
    backed.write('QFI\xfb', 0, 'latin1')
    backed.writeUInt32BE(2, 4)
    backed.writeBigUInt64BE(256n, 8)
    const refused = await upload(demo(), id, backed)
    expect([refused.status, await refused.text()]).toEqual([415, expect.stringContaining('it has a backing file')])
    expect([await show(id), await files()]).toEqual([expect.objectContaining({ status: 'queued', size: null }), before])
    expect((await upload(demo(), id, emptyDisk())).status).toBe(204)
  })

  test('of uploads to one image at the same time exactly one wins, and its bytes are the image', async () => {
    const before = new Set(await files())
    const id = await anImage(demo())
    const bodies = Array.from({ length: 6 }, (_, n) => Buffer.alloc(200_000, n))
    const answers = await Promise.all(bodies.map((body, n) => upload(demo(n % 2), id, body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409, 409, 409, 409, 409])
    const winner = bodies[answers.findIndex(({ status }) => status === 204)]!
    expect(Buffer.from(await (await download(id)).arrayBuffer()).equals(winner)).toBe(true)
    expect((await files()).filter((name) => !before.has(name))).toHaveLength(1)
  })

  test('the same upload again, after a lost answer, succeeds again; its key is good for nothing else', async () => {
    const before = new Set(await files())
    const id = await anImage(demo())
    const key = { 'idempotency-key': `upload ${id}` }
    const send = (controller: number, bytes: string) => upload(demo(controller), id, bytes, key)
    expect((await Promise.all([send(0, 'mine'), send(1, 'mine')])).map(({ status }) => status)).toEqual([204, 204])
    expect((await send(1, 'mine')).status).toBe(204)
    expect((await send(0, 'yours')).status).toBe(422)
    expect((await upload(demo(), id, 'mine', { 'idempotency-key': 'another' })).status).toBe(409)
    expect(await (await download(id)).text()).toBe('mine')
    expect((await files()).filter((name) => !before.has(name))).toHaveLength(1)
  })

  test('an upload that breaks off leaves the image waiting and nothing in the store', async () => {
    const before = await files()
    const id = await anImage(demo())
    const source = async function* () {
      yield Buffer.alloc(100_000)
      await until(async () => (await files()).length > before.length, { what: 'the first bytes to arrive', timeoutMs: 5000 })
      throw new Error('the client dies')
    }
    await expect(upload(demo(), id, Readable.from(source()) as never)).rejects.toThrow()
    await until(async () => (await files()).length === before.length, { what: 'the unfinished file to go', timeoutMs: 5000 })
    expect((await show(id)).status).toBe('queued')
    expect((await upload(demo(), id, 'whole')).status).toBe(204)
  })

  test('an upload to an image that is deleted meanwhile is told so', async () => {
    const before = await files()
    const id = await anImage(demo())
    const source = async function* () {
      yield Buffer.from('some')
      await demo().delete(`/image/v2/images/${id}`)
      yield Buffer.from('more')
    }
    const answer = await upload(demo(), id, Readable.from(source()) as never)
    expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining('could not be found after upload')])
    expect(await files()).toEqual(before)
  })

  test('a download goes on to its end though the image be deleted', async () => {
    const bytes = randomBytes(8 * megabyte)
    const id = await anImage(demo())
    await upload(demo(), id, bytes)
    const got = await download(id)
    expect((await demo().delete(`/image/v2/images/${id}`)).status).toBe(204)
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
    expect((await download(id)).status).toBe(404)
  })

  test('a deleted image leaves no file', async () => {
    const before = await files()
    const id = await anActiveImage(demo())
    await demo().delete(`/image/v2/images/${id}`)
    await until(async () => (await files()).length === before.length, { what: 'the file to go', timeoutMs: 5000 })
  })

  test('what died instances left in the store is removed after a day, and nothing else', async () => {
    const id = await anActiveImage(demo(), {}, 'kept')
    const dayAgo = new Date(Date.now() - 25 * 3600 * 1000)
    for (const name of await files()) await utimes(join(cloud.imageFolder, name), dayAgo, dayAgo)
    for (const name of ['orphan', 'unfinished.part', 'young']) await writeFile(join(cloud.imageFolder, name), 'x')
    for (const name of ['orphan', 'unfinished.part']) await utimes(join(cloud.imageFolder, name), dayAgo, dayAgo)
    expect(await forgetOrphanFiles(cloud.ctx, openImageStore(cloud.imageFolder))).toBe(2)
    expect(await files()).toContain('young')
    expect(await (await download(id)).text()).toBe('kept')
  })
})

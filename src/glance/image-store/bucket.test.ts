import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBucketServer, type BucketServer } from '../../../test/helpers/bucket-server.ts'
import { has } from '../../../test/helpers/parts.ts'
import { openTcpProxy, type TcpProxy } from '../../../test/helpers/tcp-proxy.ts'
import { until } from '../../../test/helpers/until.ts'
import { openBucket } from './bucket.ts'
import { partBytes } from './bucket-upload.ts'

async function* inChunks(bytes: Buffer, chunkBytes = 300_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

test('ten thousand parts hold a terabyte, and most images get small ones', () => {
  const bytes = Array.from({ length: 10_000 }, (_, index) => partBytes(index))
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(2 ** 40)
  expect([partBytes(0), partBytes(349), partBytes(350)].map((one) => one / 2 ** 20)).toEqual([8, 8, 16])
})

describe.runIf(has('swift'))('a bucket', () => {
  let server: BucketServer
  let wire: TcpProxy
  beforeAll(async () => {
    server = await startBucketServer()
    wire = await openTcpProxy(server.port)
  }, 90_000)
  afterAll(async () => {
    await wire?.stop()
    await server?.stop()
  })
  const large = randomBytes(2 * partBytes(0) + 12_345)
  const store = () => openBucket(server.url(wire.port))
  const write = (name: string, bytes: Buffer) => store().write(inChunks(bytes), { name, maxBytes: 2 ** 30 })
  const all = () => store().olderThan(new Date(Date.now() + 60_000))

  test('what is large goes and comes in parts, byte for byte, and any stretch of it', async () => {
    const name = randomUUID()
    expect(await write(name, large)).toMatchObject({ sizeBytes: large.length })
    expect((await buffer((await store().read(name))!)).equals(large)).toBe(true)
    const [start, end] = [partBytes(0) - 5, partBytes(0) + 5]
    expect((await buffer((await store().read(name, { start, end }))!)).equals(large.subarray(start, end + 1))).toBe(true)
    await store().remove(name)
    expect(await server.bucket.listObjects()).not.toContainEqual(expect.objectContaining({ Key: name }))
  })

  test('a transfer whose connection breaks goes on where it was', async () => {
    const name = randomUUID()
    await write(name, large)
    const stream = (await store().read(name))!
    let got = Buffer.alloc(0)
    let cuts = 0
    for await (const chunk of stream) {
      got = Buffer.concat([got, chunk])
      if (got.length > (cuts + 1) * 2 ** 21 && cuts < 3) {
        cuts++
        wire.cut()
      }
    }
    expect([cuts, got.equals(large)]).toEqual([3, true])
  })

  test('parts and their completion may be lost on the way, or their answers', async () => {
    const name = randomUUID()
    let [requests, lost] = [0, 0]
    wire.fate = (piece) => {
      if (!/^(PUT|POST) /.test(piece.toString('latin1', 0, 5))) return 'pass'
      requests++
      if (requests % 2 === 0) return 'pass'
      lost++
      return requests % 4 === 1 ? 'lose' : 'lose the reply'
    }
    try {
      await write(name, large)
    } finally {
      wire.fate = () => 'pass'
    }
    expect(lost).toBeGreaterThanOrEqual(4)
    expect((await buffer((await store().read(name))!)).equals(large)).toBe(true)
  })

  test('says why it can not be used', async () => {
    const troubleAt = (url: string) => openBucket(url).trouble(5_000)
    expect(await troubleAt(server.url())).toBe(undefined)
    expect(await troubleAt(server.url().replace('/images', '/imagse'))).toBe('there is no such bucket')
    expect(await troubleAt(server.url().replace('a-secret', 'no-secret'))).toMatch(/403/)
  })

  test('each piece carries its sum, for the service to compare', async () => {
    const sums: unknown[] = []
    wire.fate = (piece) => {
      const head = piece.toString('latin1')
      if (head.startsWith('PUT ')) sums.push(/^content-md5: [\w+/]{22}==\r$/im.test(head))
      return 'pass'
    }
    try {
      await write(randomUUID(), large)
      await write(randomUUID(), Buffer.from('small'))
    } finally {
      wire.fate = () => 'pass'
    }
    expect(sums).toEqual([true, true, true, true])
  })

  test('a source that breaks late leaves no part', async () => {
    const name = randomUUID()
    const broken = async function* () {
      yield large
      throw new Error('the source breaks')
    }
    await expect(store().write(broken(), { name, maxBytes: 2 ** 30 })).rejects.toThrow('the source breaks')
    expect((await all()).filter((one) => one.startsWith(name))).toEqual([])
  })

  test('a process killed while it writes leaves no object, and an unfinished upload that upkeep removes', async () => {
    const name = randomUUID()
    const program = `
      import { openBucket } from ${JSON.stringify(join(import.meta.dirname, 'bucket.ts'))}
      await openBucket(process.env.BUCKET).write(process.stdin, { name: ${JSON.stringify(name)}, maxBytes: 1e9 })`
    const writer = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, BUCKET: server.url() },
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    writer.stdin.on('error', () => {})
    writer.stdin.write(large)
    const begun = async () => (await all()).some((one) => one.startsWith(`${name}/`))
    await until(begun, { what: 'the first part to be there', timeoutMs: 30_000 })
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    expect(await store().read(name)).toBeUndefined()
    const left = (await all()).filter((one) => one.startsWith(name))
    expect(left).toEqual([expect.stringMatching(`^${name}/`)])
    await store().remove(left[0]!)
    await store().remove(left[0]!)
    expect(await begun()).toBe(false)
  })

  test("what others keep there is not named as one's own", async () => {
    await server.bucket.putObject('backup.tar', 'mine')
    expect(await all()).not.toContain('backup.tar')
  })

  test('a bucket that is not there is no bucket without the image', async () => {
    const nowhere = openBucket(server.url().replace(/images$/, 'nosuch'))
    await expect(nowhere.read(randomUUID())).rejects.toThrow('NoSuchBucket')
    await expect(nowhere.inspect(randomUUID())).rejects.toThrow('NoSuchBucket')
  })

  test('a wrong secret is refused without being told', async () => {
    const wrong = openBucket(server.url().replace('a-secret-of-tests', 'a-wrong-secret'))
    const refused: Error = (await wrong
      .write(inChunks(large), { name: randomUUID(), maxBytes: 2 ** 30 })
      .catch((error: Error) => error)) as Error
    expect(refused.message).toContain('403')
    expect(JSON.stringify([refused.message, refused.stack])).not.toContain('a-wrong-secret')
  })
})

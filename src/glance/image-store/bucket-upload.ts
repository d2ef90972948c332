import { createHash } from 'node:crypto'
import { insistently, unlessAbsent, type BucketPlace } from './bucket-place.ts'

const bytesType = 'application/octet-stream'

/** S3 takes ten thousand parts: small ones first, so that most images need little memory, and up to a terabyte in all. */
export const partBytes = (index: number): number => 8 * 2 ** 20 * (1 + Math.floor(index / 350))

/** Puts bytes under a key that is new; it is there once all of them are. What fails leaves nothing. */
export async function upload({ speak }: BucketPlace, key: string, source: AsyncIterable<Buffer>): Promise<void> {
  const s3 = speak()
  const parts: { partNumber: number; etag: string }[] = []
  let uploadId: string | undefined
  const send = async (bytes: Buffer) => {
    const id = (uploadId ??= await insistently(() => s3.getMultipartUploadId(key, bytesType)))
    parts.push(await insistently(() => s3.uploadPart(key, id, bytes, parts.length + 1, {}, undefined, sumOf(bytes))))
  }
  try {
    // Kept back by one: what is small goes at once.
    let last: Buffer = Buffer.alloc(0)
    for await (const part of inParts(source)) {
      if (last.length > 0) await send(last)
      last = part
    }
    if (uploadId === undefined) return void (await insistently(() => s3.putObject(key, last, bytesType, undefined, sumOf(last))))
    await send(last)
    await complete(uploadId)
  } catch (error) {
    if (uploadId !== undefined) await s3.abortMultipartUpload(key, uploadId).catch(() => {})
    throw error
  }

  /** Its answer says little: it may be lost, or be 200 and hold an error. What counts is whether the object is there. */
  async function complete(id: string): Promise<void> {
    await unlessAbsent(insistently(() => s3.completeMultipartUpload(key, id, parts)))
    if (!(await insistently(() => s3.objectExists(key)))) throw new Error(`the parts of ${key} did not become an object`)
  }
}

// The server compares: nothing may change on the way without anybody's notice. Of all sums every server knows this one.
const sumOf = (bytes: Buffer) => ({ 'content-md5': createHash('md5').update(bytes).digest('base64') })

async function* inParts(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let [heldBytes, index] = [0, 0]
  for await (const chunk of source) {
    held.push(chunk)
    heldBytes += chunk.length
    while (heldBytes >= partBytes(index)) {
      const all = Buffer.concat(held)
      const size = partBytes(index++)
      yield all.subarray(0, size)
      held = [all.subarray(size)]
      heldBytes -= size
    }
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}

import { S3ServiceError, type S3mini } from 's3mini'
import { bytesFrom, type Bytes } from '../formats/bytes.ts'
import { inspectDisk } from '../formats/inspect.ts'
import { download } from './bucket-download.ts'
import { bucketPlace, insistently, unlessAbsent } from './bucket-place.ts'
import { unfinishedUploads } from './bucket-unfinished.ts'
import { upload } from './bucket-upload.ts'
import { measure } from './measured.ts'
import type { ImageStore } from './image-store.ts'

/** How much of a file is fetched to look at it: nearly all headers lie here. */
const headBytes = 128 * 1024

/** What others keep in the bucket is none of our business. */
const ours = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The store in a bucket of any service that speaks S3. */
export function openBucket(url: string): ImageStore {
  const place = bucketPlace(url)
  const s3 = place.speak()
  const inspect = async (name: string) => {
    const bytes = await objectBytes(s3, name)
    return bytes && inspectDisk(bytes)
  }
  const remove = async (name: string) => {
    const [key, uploadId] = name.split('/') as [string, string?]
    const gone = uploadId === undefined ? () => s3.deleteObject(key) : () => s3.abortMultipartUpload(key, uploadId)
    await unlessAbsent(insistently<unknown>(gone))
  }
  return {
    kind: 's3',
    description: 'A bucket that all instances share',
    async write(source, { name, maxBytes }) {
      const { through, sums } = measure(maxBytes)
      await upload(place, name, through(source))
      try {
        const disk = await inspect(name)
        if (!disk) throw new Error(`${name} is not in the bucket though it was put there`)
        return { name, disk, ...sums() }
      } catch (error) {
        await remove(name).catch(() => {})
        throw error
      }
    },
    read: (name, stretch) => download(place, name, stretch),
    urlOf: (name) => `s3+${place.endpoint}/${name}`,
    inspect,
    remove,
    async trouble(limitMs) {
      try {
        const objects = await place.speak(AbortSignal.timeout(limitMs)).listObjects('/', '', 1)
        return objects === null ? 'there is no such bucket' : undefined
      } catch (error) {
        return reasonOf(error as Error)
      }
    },
    async olderThan(before) {
      const objects = (await insistently(() => s3.listObjects())) ?? []
      const old = objects.filter(({ LastModified }) => LastModified < before).map(({ Key }) => Key)
      const unfinished = (await unfinishedUploads(s3)).filter(({ begunAt }) => begunAt < before)
      return [
        ...old.filter((name) => ours.test(name)),
        ...unfinished.filter(({ key }) => ours.test(key)).map(({ key, uploadId }) => `${key}/${uploadId}`),
      ]
    },
  }
}

/** The bytes of an object, its head fetched at once; undefined when there is none. */
async function objectBytes(s3: S3mini, key: string): Promise<Bytes | undefined> {
  const fetchPart = (offset: number, length: number) =>
    insistently(async () => {
      const response = await s3.getObjectRaw(key, false, offset, offset + length)
      return { bytes: Buffer.from(await response.arrayBuffer()), sizeBytes: wholeSize(response) }
    })
  const head = await unlessAbsent(fetchPart(0, headBytes).catch(unlessEmpty))
  if (!head) return undefined
  return bytesFrom(head.sizeBytes, async (offset, length) =>
    offset + length <= head.bytes.length ? head.bytes.subarray(offset, offset + length) : (await fetchPart(offset, length)).bytes,
  )
}

/** What stands behind an error: of broken connections fetch says only that it failed. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? reasonOf(cause) : '') || message

const wholeSize = ({ headers }: Response): number => Number(headers.get('content-range')?.split('/')[1] ?? headers.get('content-length'))

/** There is no part of what has no bytes. */
function unlessEmpty(error: unknown): { bytes: Buffer; sizeBytes: number } {
  if (error instanceof S3ServiceError && error.status === 416) return { bytes: Buffer.alloc(0), sizeBytes: 0 }
  throw error
}

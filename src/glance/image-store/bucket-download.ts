import { Readable } from 'node:stream'
import { insistently, unlessAbsent, type BucketPlace } from './bucket-place.ts'
import type { Stretch } from './image-store.ts'

/** How often a transfer that breaks is taken up again where it was, without a byte of progress. */
const mostBreaks = 3
const readBytes = 256 * 1024

/** The bytes under a key; undefined when there are none. A connection that breaks is no end: objects never change. */
export async function download(place: BucketPlace, key: string, stretch: Stretch = {}): Promise<Readable | undefined> {
  const gone = new AbortController()
  const s3 = place.speak(gone.signal)
  const open = (start: number) =>
    insistently(() =>
      s3.getObjectRaw(key, start === 0 && stretch.end === undefined, start, stretch.end === undefined ? undefined : stretch.end + 1),
    )
  const start = stretch.start ?? 0
  const first = await unlessAbsent(open(start))
  if (!first) return undefined
  const stream = Readable.from(bytesOf(first, { start, open }), { objectMode: false, highWaterMark: readBytes })
  stream.once('close', () => gone.abort())
  return stream
}

async function* bytesOf(
  first: Response,
  { start, open }: { start: number; open: (start: number) => Promise<Response> },
): AsyncGenerator<Uint8Array> {
  const end = start + Number(first.headers.get('content-length'))
  let [at, breaks, response] = [start, 0, first]
  while (at < end) {
    try {
      for await (const chunk of response.body ?? []) {
        at += chunk.length
        breaks = 0
        yield chunk
      }
      if (at < end) throw new Error(`the transfer ended ${end - at} bytes too early`)
    } catch (error) {
      if (++breaks > mostBreaks) throw error
      response = await open(at)
    }
  }
}

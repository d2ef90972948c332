import type { FileHandle } from 'node:fs/promises'

/** The bytes of a finished file, read where one looks. */
export interface Bytes {
  readonly sizeBytes: number
  /** At most `length` bytes from `offset`; fewer where the file ends. */
  at(offset: number, length: number): Promise<Buffer>
}

/** No header says anything that is longer, in bytes. */
const most = 2 ** 20

/** Bytes that `read` fetches; it is asked for such only as there are. */
export const bytesFrom = (sizeBytes: number, read: (offset: number, length: number) => Promise<Buffer>): Bytes => ({
  sizeBytes,
  async at(offset, length) {
    const wanted = Math.max(0, Math.min(length, most, sizeBytes - offset))
    if (wanted === 0 || !Number.isSafeInteger(offset) || offset < 0) return Buffer.alloc(0)
    return read(offset, wanted)
  },
})

/** The bytes of a file on this machine. */
export async function bytesOf(file: FileHandle): Promise<Bytes> {
  const { size } = await file.stat()
  return bytesFrom(size, async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  })
}

/** Bytes of which those that are missing are zero. */
export async function whole(bytes: Bytes, offset: number, length: number): Promise<Buffer> {
  const found = await bytes.at(offset, length)
  return found.length === length ? found : Buffer.concat([found], length)
}

/** A size that a header states; undefined when it is beyond all reason. */
export const sizeOf = (size: bigint): number | undefined => (size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : undefined)

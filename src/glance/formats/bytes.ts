import type { FileHandle } from 'node:fs/promises'

/** The bytes of a finished file, read where one looks. */
export interface Bytes {
  readonly sizeBytes: number
  /** At most `length` bytes from `offset`; fewer where the file ends. */
  at(offset: number, length: number): Promise<Buffer>
}

/** No header says anything that is longer, in bytes. */
const most = 2 ** 20

export async function bytesOf(file: FileHandle): Promise<Bytes> {
  const { size } = await file.stat()
  return {
    sizeBytes: size,
    async at(offset, length) {
      const wanted = Math.max(0, Math.min(length, most, size - offset))
      if (wanted === 0 || !Number.isSafeInteger(offset) || offset < 0) return Buffer.alloc(0)
      const buffer = Buffer.alloc(wanted)
      const { bytesRead } = await file.read(buffer, 0, wanted, offset)
      return buffer.subarray(0, bytesRead)
    },
  }
}

/** Bytes of which those that are missing are zero. */
export async function whole(bytes: Bytes, offset: number, length: number): Promise<Buffer> {
  const found = await bytes.at(offset, length)
  return found.length === length ? found : Buffer.concat([found], length)
}

/** A size that a header states; undefined when it is beyond all reason. */
export const sizeOf = (size: bigint): number | undefined => (size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : undefined)

import { createHash } from 'node:crypto'
import { tooLarge } from '../../kernel/errors.ts'

/** What was learnt of bytes while they passed. */
export interface Sums {
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly md5: string
  readonly sha512: string
}

/** Something that bytes pass through, and that knows their sums once they have. Refuses with `tooLarge` past `maxBytes`. */
export function measure(maxBytes: number): { through(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>; sums(): Sums } {
  const md5 = createHash('md5')
  const sha512 = createHash('sha512')
  let sizeBytes = 0
  return {
    async *through(source) {
      for await (const chunk of source) {
        sizeBytes += chunk.length
        if (sizeBytes > maxBytes) throw tooLarge(`The incoming image is too large: more than ${maxBytes} bytes.`)
        md5.update(chunk)
        sha512.update(chunk)
        yield chunk
      }
    },
    sums: () => ({ sizeBytes, md5: md5.digest('hex'), sha512: sha512.digest('hex') }),
  }
}

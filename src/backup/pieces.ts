/** Lines and runs of bytes, taken in turn from one stream. */
export interface Pieces {
  /** The next line without its end; undefined at the end of the stream. Throws when the stream ends within a line. */
  line(): Promise<string | undefined>
  /** The next bytes, as they come. Throws when the stream ends before. */
  bytes(count: number): AsyncGenerator<Buffer>
}

/** Takes a stream apart. `refuse` makes the error for a stream that ends too early, or breaks. */
export function piecesOf(stream: AsyncIterable<Buffer>, refuse: (what: string) => Error): Pieces {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await chunks.next().catch((error: Error) => {
      throw refuse(error.message)
    })
    if (!next.done) rest = next.value
    return !next.done
  }
  const take = (count: number): Buffer => {
    const taken = rest.subarray(0, count)
    rest = rest.subarray(count)
    return taken
  }
  return {
    async line() {
      const parts: Buffer[] = []
      for (;;) {
        const end = rest.indexOf(10)
        if (end >= 0) {
          parts.push(take(end))
          take(1)
          return Buffer.concat(parts).toString()
        }
        parts.push(take(rest.length))
        if (!(await more())) {
          if (parts.every((part) => part.length === 0)) return undefined
          throw refuse('it ends within a line')
        }
      }
    },
    async *bytes(count) {
      for (let left = count; left > 0;) {
        if (rest.length === 0 && !(await more())) throw refuse('it ends within an image')
        const taken = take(Math.min(left, rest.length))
        left -= taken.length
        yield taken
      }
    },
  }
}

import { createHash } from 'node:crypto'
import type { TableShape } from '../kernel/sql/catalog.ts'
import type { PortableRow } from '../kernel/sql/portable-rows.ts'
import type { Header, ImageSum, Mark, TableSum } from './format.ts'

/** Bytes of an image that are open for reading. */
export interface OpenImage {
  readonly name: string
  readonly bytes: number
  read(): AsyncIterable<Buffer>
}

export interface Content {
  readonly header: Header
  rowsOf(table: TableShape): AsyncIterable<PortableRow>
  /** Called once all rows have passed. */
  afterRows(): Promise<void>
  readonly images: readonly OpenImage[]
  /** Hears of the sums of everything at the end. */
  done(tables: readonly TableSum[], images: readonly ImageSum[]): void
}

const markLine = (mark: Mark): string => `${JSON.stringify(mark)}\n`

/** The line of a row; what sums are made of. */
export const rowLine = (row: PortableRow): string => `${JSON.stringify(row)}\n`

/** The content of an archive, piece by piece: rows as they come from the database, images as they come from their files. */
export async function* archiveOf({ header, rowsOf, afterRows, images, done }: Content): AsyncGenerator<string | Buffer> {
  const tableSums: TableSum[] = []
  const imageSums: ImageSum[] = []
  yield markLine({ header })
  for (const table of header.tables) {
    yield markLine({ table: table.name })
    const hash = createHash('sha256')
    let rows = 0
    for await (const line of inChunks(rowsOf(table), () => rows++)) {
      hash.update(line)
      yield line
    }
    const tableEnd = { table: table.name, rows, sha256: hash.digest('hex') }
    tableSums.push(tableEnd)
    yield markLine({ tableEnd })
  }
  await afterRows()
  for (const image of images) {
    yield markLine({ image: { name: image.name, bytes: image.bytes } })
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of image.read()) {
      bytes += chunk.length
      hash.update(chunk)
      yield chunk
    }
    if (bytes !== image.bytes) throw new Error(`the file ${image.name} of an image changed while it was read`)
    const imageEnd = { image: image.name, bytes, sha256: hash.digest('hex') }
    imageSums.push(imageEnd)
    yield `\n${markLine({ imageEnd })}`
  }
  yield markLine({ trailer: { tables: tableSums, images: imageSums } })
  done(tableSums, imageSums)
}

const chunkChars = 64 * 1024

// A line at a time would be slow to compress.
async function* inChunks(rows: AsyncIterable<PortableRow>, count: () => void): AsyncGenerator<string> {
  let chunk = ''
  for await (const row of rows) {
    count()
    chunk += rowLine(row)
    if (chunk.length < chunkChars) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { PortableRow } from '../kernel/sql/portable-rows.ts'
import type { Header, ImageSum, Mark, TableSum, Trailer } from './format.ts'
import { type Pieces, piecesOf } from './pieces.ts'
import { checkSeal, damaged, openContent } from './seal.ts'

/** Who wants to know what is in an archive, in the order in which it comes. */
export interface ArchiveReader {
  header?(header: Header): Promise<void>
  row?(table: string, row: PortableRow): Promise<void>
  tableEnd?(sum: TableSum): Promise<void>
  /** May leave the bytes unread. */
  image?(name: string, bytes: AsyncIterable<Buffer>): Promise<void>
}

/**
 * Reads an archive from beginning to end, twice: first for its seal, so that the reader hears nothing of a damaged one. Resolves with its
 * header and sums; throws a StartupError for anything that is not as it was written.
 */
export async function readArchive(path: string, reader: ArchiveReader = {}): Promise<{ header: Header; trailer: Trailer }> {
  await checkSeal(path)
  const content = await openContent(path)
  try {
    return await readContent(
      path,
      piecesOf(content, (what) => damaged(path, what)),
      reader,
    )
  } finally {
    content.destroy()
  }
}

async function readContent(path: string, pieces: Pieces, reader: ArchiveReader): Promise<{ header: Header; trailer: Trailer }> {
  const next = async (): Promise<Mark> => parsed(path, await pieces.line())
  const first = await next()
  if (!('header' in first)) throw damaged(path, 'it has no header')
  const { header } = first
  await reader.header?.(header)
  const tables: TableSum[] = []
  const images: ImageSum[] = []
  for (;;) {
    const mark = await next()
    if ('table' in mark) tables.push(await readTable(path, pieces, mark.table, reader))
    else if ('image' in mark) images.push(await readImage(path, pieces, mark.image, reader))
    else if ('trailer' in mark) {
      if (!isDeepStrictEqual(mark.trailer, { tables, images })) throw damaged(path, 'its parts are not those that its end tells of')
      if ((await pieces.line()) !== undefined) throw damaged(path, 'something follows its end')
      return { header, trailer: mark.trailer }
    } else throw damaged(path, 'it holds something that does not belong there')
  }
}

async function readTable(path: string, pieces: Pieces, table: string, reader: ArchiveReader): Promise<TableSum> {
  const hash = createHash('sha256')
  let rows = 0
  for (;;) {
    const line = await pieces.line()
    if (line === undefined) throw damaged(path, `it ends within ${table}`)
    if (line.startsWith('[')) {
      hash.update(line).update('\n')
      rows++
      await reader.row?.(table, parsed(path, line))
      continue
    }
    const sum = { table, rows, sha256: hash.digest('hex') }
    if (!isDeepStrictEqual(parsed(path, line), { tableEnd: sum })) throw damaged(path, `${table} is not as it was written`)
    await reader.tableEnd?.(sum)
    return sum
  }
}

async function readImage(
  path: string,
  pieces: Pieces,
  { name, bytes }: { name: string; bytes: number },
  reader: ArchiveReader,
): Promise<ImageSum> {
  const hash = createHash('sha256')
  const passing = seen(pieces.bytes(bytes), (chunk) => hash.update(chunk))
  await reader.image?.(name, passing)
  for await (const _ of passing); // What the reader left.
  await pieces.line()
  const sum = { image: name, bytes, sha256: hash.digest('hex') }
  const line = await pieces.line()
  if (line === undefined || !isDeepStrictEqual(parsed(path, line), { imageEnd: sum }))
    throw damaged(path, `the bytes of image ${name} are not as they were written`)
  return sum
}

async function* seen(source: AsyncIterable<Buffer>, see: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    see(chunk)
    yield chunk
  }
}

function parsed(path: string, line: string | undefined): any {
  try {
    return JSON.parse(line ?? '')
  } catch {
    throw damaged(path, line === undefined ? 'it ends too early' : 'it holds a line that can not be read')
  }
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Duplex, pipeline } from 'node:stream'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { StartupError } from '../config/startup-error.ts'
import { magic } from './format.ts'

// An archive is the magic, a zstd stream, and this: the sum of all bytes before it.
const sealOf = (hex: string) => `sha256 ${hex}\n`
const sealBytes = sealOf('0'.repeat(64)).length
const family = magic.replace(/\d+\n$/, '')

/** Says that an archive can't be trusted. */
export const damaged = (path: string, what: string): StartupError =>
  new StartupError(`The archive ${path} is damaged: ${what}`, 'Take another copy of it, or another backup.')

/** The bytes of an archive with this content. */
export async function* sealed(content: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const seen = (bytes: Buffer) => {
    hash.update(bytes)
    return bytes
  }
  yield seen(Buffer.from(magic))
  for await (const chunk of through(content, createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }))) yield seen(chunk)
  yield Buffer.from(sealOf(hash.digest('hex')))
}

/** Reads the whole file and throws a StartupError unless every byte of it is as it was written. */
export async function checkSeal(path: string): Promise<void> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new StartupError(`The archive ${path} can't be read: ${cause.code}`, 'Check its path and permissions.', { cause })
  })
  try {
    const { size } = await file.stat()
    const start = (await file.read(Buffer.alloc(magic.length), 0, magic.length, 0)).buffer.toString()
    if (!start.startsWith(family)) throw new StartupError(`${path} is no archive of skykeel backup`, 'Give the file that --out named.')
    if (start !== magic)
      throw new StartupError(
        `The archive ${path} has a format that this release does not know`,
        'Use the release that wrote it, or a newer one.',
      )
    if (size < magic.length + sealBytes) throw damaged(path, 'it ends too early')
    const hash = createHash('sha256')
    for await (const chunk of file.createReadStream({ start: 0, end: size - sealBytes - 1, autoClose: false })) hash.update(chunk as Buffer)
    const seal = (await file.read(Buffer.alloc(sealBytes), 0, sealBytes, size - sealBytes)).buffer.toString('latin1')
    if (seal !== sealOf(hash.digest('hex'))) throw damaged(path, 'its checksum is not that of its bytes')
  } finally {
    await file.close()
  }
}

/** The content of an archive whose seal was checked. */
export async function openContent(path: string): Promise<Duplex> {
  const file = await open(path)
  const { size } = await file.stat()
  await file.close()
  return through(createReadStream(path, { start: magic.length, end: size - sealBytes - 1 }), createZstdDecompress())
}

// Whoever reads the result hears of the source's failure.
function through(source: AsyncIterable<string | Buffer>, transform: Duplex): Duplex {
  pipeline(source, transform, () => {})
  return transform
}

import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { tooLarge } from '../../kernel/errors.ts'
import { inspectDisk } from '../formats/inspect.ts'
import type { DiskFacts } from '../formats/disk-facts.ts'

/** What a finished file holds. */
export interface StoredFile {
  readonly name: string
  readonly sizeBytes: number
  /** What the bytes say of the disk inside. */
  readonly disk: DiskFacts
  /** Hexadecimal. */
  readonly md5: string
  readonly sha512: string
}

/** The bytes of images: a folder that all instances share. A file is whole or not there, and never changes. */
export interface ImageStore {
  /**
   * Streams bytes to a new file and makes it durable under `name`, which must be unique; an unfinished one is removed.
   * Refuses with `tooLarge` past `maxBytes`; rejects with the system's error when the folder fails.
   */
  write(source: AsyncIterable<Buffer>, options: { name: string; maxBytes: number }): Promise<StoredFile>
  /** Opens a file for reading; undefined when there is none. It stays readable when it is removed meanwhile. */
  open(name: string): Promise<FileHandle | undefined>
  /** The address of a file, as those see it who reach the folder too. */
  urlOf(name: string): string
  /** What a file's bytes say of the disk inside; undefined when there is none. */
  inspect(name: string): Promise<DiskFacts | undefined>
  /** Harmless when there is none. */
  remove(name: string): Promise<void>
  /** Names of files, unfinished ones too, that nobody wrote to since `before`. */
  olderThan(before: Date): Promise<string[]>
}

const partSuffix = '.part'

/** The store in this folder, which is made on first use. */
export function openImageStore(folder: string): ImageStore {
  const pathOf = (name: string) => join(folder, name)
  return {
    async write(source, { name, maxBytes }) {
      await mkdir(folder, { recursive: true })
      const part = pathOf(`${name}${partSuffix}`)
      try {
        const facts = await writeWhole(part, source, maxBytes)
        await rename(part, pathOf(name))
        await syncFolder(folder)
        return { name, ...facts }
      } catch (error) {
        await rm(part, { force: true }).catch(() => {})
        throw error
      }
    },
    open: async (name) => unlessMissing(open(pathOf(name), constants.O_RDONLY)),
    urlOf: (name) => pathToFileURL(pathOf(name)).href,
    inspect: async (name) => unlessMissing(inspectFile(pathOf(name))),
    remove: async (name) => rm(pathOf(name), { force: true }),
    async olderThan(before) {
      const names = (await unlessMissing(readdir(folder))) ?? []
      const old: string[] = []
      for (const name of names) {
        const found = await unlessMissing(stat(pathOf(name)))
        if (found?.isFile() && found.mtime < before) old.push(name)
      }
      return old
    },
  }
}

async function writeWhole(path: string, source: AsyncIterable<Buffer>, maxBytes: number): Promise<Omit<StoredFile, 'name'>> {
  const md5 = createHash('md5')
  const sha512 = createHash('sha512')
  const count = { bytes: 0 }
  const file = await open(path, 'wx')
  // Flushed before it is closed: the rename must not become durable before the bytes are.
  await pipeline(source, counted(count, maxBytes, [md5, sha512]), file.createWriteStream({ flush: true }))
  return { sizeBytes: count.bytes, disk: await inspectFile(path), md5: md5.digest('hex'), sha512: sha512.digest('hex') }
}

const counted = (count: { bytes: number }, maxBytes: number, hashes: readonly Hash[]) =>
  async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      count.bytes += chunk.length
      if (count.bytes > maxBytes) throw tooLarge(`The incoming image is too large: more than ${maxBytes} bytes.`)
      for (const hash of hashes) hash.update(chunk)
      yield chunk
    }
  }

async function inspectFile(path: string): Promise<DiskFacts> {
  const file = await open(path, constants.O_RDONLY)
  try {
    return await inspectDisk(file)
  } finally {
    await file.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

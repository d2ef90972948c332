import { constants } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { bytesOf } from '../formats/bytes.ts'
import { inspectDisk } from '../formats/inspect.ts'
import { measure } from './measured.ts'
import type { DiskFacts } from '../formats/disk-facts.ts'
import type { ImageStore, StoredFile } from './image-store.ts'

const partSuffix = '.part'
const readBytes = 256 * 1024

/** The store in this folder, which is made on first use. A file that is being read stays readable when it is removed. */
export function openFolder(folder: string): ImageStore {
  const pathOf = (name: string) => join(folder, name)
  return {
    kind: 'file',
    description: 'A folder that all instances share',
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
    async read(name, stretch) {
      const file = await unlessMissing(open(pathOf(name), constants.O_RDONLY))
      return file?.createReadStream({ highWaterMark: readBytes, ...stretch })
    },
    urlOf: (name) => pathToFileURL(pathOf(name)).href,
    inspect: async (name) => unlessMissing(inspectFile(pathOf(name))),
    remove: async (name) => rm(pathOf(name), { force: true }),
    async trouble() {
      try {
        await unlessMissing(access(folder, constants.R_OK | constants.W_OK | constants.X_OK))
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    },
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
  const { through, sums } = measure(maxBytes)
  const file = await open(path, 'wx')
  // Flushed before it is closed: the rename must not become durable before the bytes are.
  await pipeline(source, through, file.createWriteStream({ flush: true }))
  return { disk: await inspectFile(path), ...sums() }
}

async function inspectFile(path: string): Promise<DiskFacts> {
  const file = await open(path, constants.O_RDONLY)
  try {
    return await inspectDisk(await bytesOf(file))
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

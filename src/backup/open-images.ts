import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenImage } from './write-archive.ts'

/** Files of images, open all at once: a file that is deleted meanwhile stays readable. */
export interface OpenImages {
  readonly images: readonly OpenImage[]
  /** Files that are not there. */
  readonly missing: readonly string[]
  close(): Promise<void>
}

/** Opens the files with these names. */
export async function openImages(folder: string, names: readonly string[]): Promise<OpenImages> {
  const files: FileHandle[] = []
  const images: OpenImage[] = []
  const missing: string[] = []
  const close = async () => void (await Promise.all(files.map((file) => file.close())))
  try {
    for (const name of names) {
      const file = await open(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (!file) {
        missing.push(name)
        continue
      }
      files.push(file)
      const { size } = await file.stat()
      images.push({ name, bytes: size, read: () => file.createReadStream({ autoClose: false, start: 0 }) })
    }
  } catch (error) {
    await close()
    throw error
  }
  return { images, missing, close }
}

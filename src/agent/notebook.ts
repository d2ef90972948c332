import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Small notes by key that outlive the process. All of them are in memory too, so reading costs nothing. */
export interface Notebook<T> {
  get(key: string): T | undefined
  entries(): IterableIterator<[string, T]>
  /** Resolves when the note would survive the death of this process. Calls for one key must not overlap. */
  put(key: string, note: T): Promise<void>
  remove(key: string): Promise<void>
}

/** Notes in memory alone, for clouds that don't outlive their process. */
export function memoryNotebook<T>(): Notebook<T> {
  const notes = new Map<string, T>()
  return {
    get: (key) => notes.get(key),
    entries: () => notes.entries(),
    async put(key, note) {
      notes.set(key, note)
    },
    async remove(key) {
      notes.delete(key)
    },
  }
}

/**
 * Notes in a folder, one file each. A file is written beside its place and then renamed, so it is the old or the new one, never half
 * of it. There is no fsync: what a process wrote survives the process; a power cut takes the simulated guests with it anyway.
 */
export async function fileNotebook<T>(folder: string): Promise<Notebook<T>> {
  await mkdir(folder, { recursive: true })
  const notes = new Map<string, T>()
  for (const file of await readdir(folder)) {
    if (file.endsWith('.json'))
      notes.set(decodeURIComponent(file.slice(0, -5)), JSON.parse(await readFile(join(folder, file), 'utf8')) as T)
    else await rm(join(folder, file), { force: true })
  }
  const pathOf = (key: string) => join(folder, `${encodeURIComponent(key)}.json`)
  return {
    get: (key) => notes.get(key),
    entries: () => notes.entries(),
    async put(key, note) {
      const path = pathOf(key)
      await writeFile(`${path}.new`, JSON.stringify(note))
      await rename(`${path}.new`, path)
      notes.set(key, note)
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
      notes.delete(key)
    },
  }
}

/** Opens the notes of this name in the folder, or in memory when there is none. */
export const openNotebook = async <T>(folder: string | undefined, name: string): Promise<Notebook<T>> =>
  folder === undefined ? memoryNotebook() : fileNotebook(join(folder, name))

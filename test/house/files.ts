import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

const left = new Set(['node_modules', '.git', '.skykeel', 'dist'])

/** Every file of the project below a folder, as paths from its root. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(root, folder, entry.name))
    if (left.has(entry.name)) return []
    return entry.isDirectory() ? filesOf(path) : [path]
  })
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8')

import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'
import type { RenderedTree } from './render-hosts.ts'

/** How a file in the folder compares with what was rendered. `stray`: nothing that was rendered. */
export type Difference = 'new' | 'changed' | 'same' | 'stray'

/** Compares what was rendered with what lies in `out`; paths begin at `out`. */
export function compareTrees(out: string, trees: readonly RenderedTree[]): readonly { path: string; difference: Difference }[] {
  return trees.flatMap(({ folder, files }) => {
    const rendered = files.map(({ path, text }) => ({ path: join(folder, path), difference: differenceOf(join(out, folder, path), text) }))
    const known = new Set(rendered.map(({ path }) => path))
    // Keys and certificates are made there, not rendered.
    const strays = folder === 'tls' ? [] : filesBelow(out, folder).filter((path) => !known.has(path))
    return [...rendered, ...strays.map((path) => ({ path, difference: 'stray' as const }))]
  })
}

/** Writes all files, each whole or not at all. What holds secrets can be read by its owner alone; the install script says who gets it. */
export function writeTrees(out: string, trees: readonly RenderedTree[]): void {
  for (const { folder, files } of trees) {
    for (const { path, text, mode } of files) {
      const file = join(out, folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeWhole(file, text, { mode: (mode & 0o004) === 0 ? 0o600 : mode })
    }
  }
}

function differenceOf(file: string, text: string): Difference {
  try {
    return readFileSync(file, 'utf8') === text ? 'same' : 'changed'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'new'
    throw error
  }
}

function filesBelow(out: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(out, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(out, '/').length))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

import { realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const own = join(import.meta.dirname, '../../bin/skykeel')

/** What the person at the terminal can type to call this command: its name where the PATH leads to it, else its path. */
export function ownName(): string {
  const path = (process.env['PATH'] ?? '').split(delimiter)
  return path.some((folder) => realPath(join(folder, 'skykeel')) === realPath(own)) ? 'skykeel' : own
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { StateDir } from './state-dir.ts'

/** How large a log may grow before it is set aside; one older part of it is kept. */
const maxLogBytes = 8 * 1024 * 1024

/** The last lines of a file; '' when there is none. */
export function tailOf(path: string, lines: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}

/** Sets logs aside that have grown too large. Their writers append, so that they go on at the beginning of the emptied file. */
export function boundLogs(dir: StateDir, maxBytes = maxLogBytes): void {
  for (const name of readdirSync(dir.logs)) {
    const path = join(dir.logs, name)
    if (!name.endsWith('.log') || statSync(path).size <= maxBytes) continue
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  }
}

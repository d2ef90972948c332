import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Writes a file so that readers see the old content or the new, never half of it. */
export function writeWhole(path: string, content: string, { mode = 0o600 }: { mode?: number } = {}): void {
  const next = `${path}.${process.pid}.new`
  writeFileSync(next, content, { mode })
  renameSync(next, path)
}

/** Reads a JSON file; undefined when there is none or it holds no JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

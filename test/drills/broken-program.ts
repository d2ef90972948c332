import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const parts = ['bin', 'src', 'migrations', 'tools', 'package.json', 'package-lock.json']

/** A change of one place in the program's text. */
export interface Edit {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A text with its edit. Throws unless the place is there, and once: then the code has moved, and the edit must follow. */
export function edited(text: string, { file, find, replace }: Edit): string {
  const times = text.split(find).length - 1
  if (times !== 1) throw new Error(`${file} has ${times} places instead of one with: ${find}`)
  return text.replace(find, () => replace)
}

/** A copy of this program in a folder of its own. */
export interface ProgramCopy {
  readonly folder: string
  /** Makes it this program with these edits, and no others. */
  breakBy(edits: readonly Edit[]): void
  remove(): void
}

/** Copies this program; what it needs of others it shares with it. */
export function copyProgram(): ProgramCopy {
  const folder = mkdtempSync(join(tmpdir(), 'skykeel-broken-'))
  // A lab's users must be able to run it too.
  chmodSync(folder, 0o755)
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  let broken = new Set<string>()
  return {
    folder,
    breakBy(edits) {
      for (const file of broken) cpSync(join(root, file), join(folder, file))
      broken = new Set(edits.map(({ file }) => file))
      for (const edit of edits) {
        const path = join(folder, edit.file)
        writeFileSync(path, edited(readFileSync(path, 'utf8'), edit))
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

// Writes the two dependencies that consist of hundreds of small modules into a few files. Loading kysely and typebox so takes 40 ms and
// 10 MB a process instead of 600 ms and 45 MB (measured on two busy cores); a cloud has five such processes. `src/cli/quick-imports.ts` finds them.
// Whatever is missing here only makes starts slower.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'node_modules/.cache/skykeel/quick')
const packages = ['kysely', 'typebox']
const entries = { kysely: 'kysely', typebox: 'typebox', 'typebox/compile': 'typebox-compile' }

const { rolldown } = await import('rolldown')
const input = Object.fromEntries(Object.entries(entries).map(([specifier, name]) => [name, specifier]))
const bundle = await rolldown({ input, cwd: root, platform: 'node', external: [/^node:/], logLevel: 'silent' })
const making = `${target}.${process.pid}`
mkdirSync(making, { recursive: true })
await bundle.write({ dir: making, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' })
const versions = Object.fromEntries(
  packages.map((name) => [name, JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version]),
)
const modules = Object.fromEntries(Object.entries(entries).map(([specifier, name]) => [specifier, `${name}.mjs`]))
writeFileSync(join(making, 'contents.json'), JSON.stringify({ versions, modules }))
rmSync(target, { recursive: true, force: true })
renameSync(making, target)

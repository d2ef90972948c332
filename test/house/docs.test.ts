import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, read, root } from './files.ts'

const markdown = filesOf('.').filter((file) => file.endsWith('.md'))

describe('the documents tell the truth', () => {
  test.each(markdown)('%s links to what is there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1]!).filter((link) => !/^[a-z]+:/.test(link))
    const broken = links.filter((link) => !existsSync(join(root, dirname(file), link)))
    expect(broken).toEqual([])
  })

  test('docs/map.md names every folder of src', () => {
    const map = read('docs/map.md')
    const folders = readdirSync(join(root, 'src'))
    expect(folders.filter((folder) => !map.includes(`src/${folder}/`))).toEqual([])
    const named = [...map.matchAll(/`src\/(\w+)\/`/g)].map((match) => match[1]!)
    expect(named.filter((folder) => !folders.includes(folder))).toEqual([])
  })

  test('every file and function that docs/one-request.md names is there', () => {
    const text = read('docs/one-request.md')
    const files = [...text.matchAll(/`((?:src|steps)\/[\w./-]+\.ts)`(?:: `(\w+)`)?/g)]
    expect(files.length).toBeGreaterThan(10)
    for (const [, file, name] of files) {
      const path = file!.startsWith('steps/') ? `src/nova/servers/${file!}` : file!
      expect(existsSync(join(root, path)), path).toBe(true)
      if (name) expect(read(path), `${name} in ${path}`).toMatch(new RegExp(`(function|const) ${name}\\b`))
    }
  })

  test('docs/dependencies.md gives a reason for each dependency, and for no other', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >
    const wanted = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).toSorted()
    const rows = read('docs/dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    const named = rows.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)).toSorted()
    expect(named).toEqual(wanted)
  })
})

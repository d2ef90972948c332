import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { lastRelease } from './last-release.ts'

const trees: string[] = []
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true })
})

/** A checkout with a commit for each of these versions of its package. */
function aHistory(...versions: string[]) {
  const tree = mkdtempSync(join(tmpdir(), 'skykeel-history-'))
  trees.push(tree)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: tree, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  const commits = versions.map((version, index) => {
    writeFileSync(join(tree, 'package.json'), JSON.stringify({ name: 'a', version, index }, undefined, 2))
    git('add', '.')
    git('commit', '--quiet', '--message', `${version}, ${index}`)
    return git('rev-parse', 'HEAD')
  })
  return { tree, git, commits }
}

test('the last release is the commit before the version changed last', () => {
  const { tree, commits } = aHistory('0.1.0', '0.2.0', '0.2.0', '0.3.0', '0.3.0')
  expect(lastRelease(tree)).toEqual({ version: '0.2.0', commit: commits[2] })
})

test('a tag of that version says it better', () => {
  const { tree, git, commits } = aHistory('0.1.0', '0.2.0', '0.2.0', '0.3.0')
  git('tag', 'v0.2.0', commits[1]!)
  git('tag', 'v0.3.0', commits[3]!)
  expect(lastRelease(tree)).toEqual({ version: '0.2.0', commit: commits[1] })
})

test('before the first release there is none', () => {
  expect(() => lastRelease(aHistory('0.1.0', '0.1.0').tree)).toThrow('knows no release before its own')
})

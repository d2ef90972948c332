import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../embedded/version.ts'
import { run } from './command.ts'
import { labDirAt, layoutOf } from './places.ts'
import { giveProgram, ownProgram, programOn, versionIn } from './programs.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'skykeel-programs-'))
  mkdirSync(join(root, 'hosts/c1'), { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('a host runs the program that it was given last', async () => {
  const layout = layoutOf(labDirAt(root), 'c1')
  giveProgram(layout, '/somewhere/else')
  giveProgram(layout, ownProgram)
  expect(programOn(layout)).toBe(ownProgram)
  expect((await run([layout.skykeel, 'version'])).trim()).toBe(version())
})

test('a folder tells its version, and one without a program says so', async () => {
  expect(await versionIn(ownProgram)).toBe(version())
  await expect(versionIn(root)).rejects.toMatchObject({
    message: expect.stringContaining(`${root} holds no program that runs`),
    hint: expect.stringContaining('bin/skykeel'),
  })
})

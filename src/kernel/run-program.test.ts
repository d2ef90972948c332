import { expect, test } from 'vitest'
import { mustRun, runProgram } from './run-program.ts'

test('a program reads, writes to both of its outputs, and ends well', async () => {
  expect(await runProgram(['sh', '-c', 'cat; pwd; echo aside >&2'], { input: 'said\n' })).toMatchObject({ ok: true, how: 'exits with 0' })
  expect((await mustRun(['sh', '-c', 'cat; pwd; echo aside >&2'], { input: 'said\n' })).split('\n').toSorted()).toEqual([
    '',
    '/',
    'aside',
    'said',
  ])
})

test('no shell reads its arguments', async () => {
  expect(await mustRun(['printf', '%s', '$HOME; exit 3'])).toBe('$HOME; exit 3')
})

test('it may end without reading what it is given', async () => {
  expect(await runProgram(['true'], { input: 'x'.repeat(1_000_000) })).toMatchObject({ ok: true })
})

test('it finds the environment that it is given', async () => {
  expect(await mustRun(['/bin/sh', '-c', 'echo "$A$HOME"'], { env: { A: 'a' } })).toBe('a\n')
})

test.each([
  ['a failure', ['sh', '-c', 'echo why; exit 3'], 'sh -c echo why; exit 3 exits with 3: why'],
  ['a program that is not there', ['/nowhere/x', 'y'], '/nowhere/x y can not be run: spawn /nowhere/x ENOENT: '],
  ['a program that takes too long', ['sh', '-c', 'echo on; exec sleep 60'], 'sh -c echo on; exec sleep 60 was ended by SIGKILL: on'],
])('%s is told with its last words', async (_, command, message) => {
  await expect(mustRun(command, { timeoutMs: 500 })).rejects.toThrow(new Error(message))
})

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingParts } from './helpers/parts.ts'

// `npm test`: the whole suite that this machine can run. Arguments narrow it: paths of test files, or vitest's own flags.

const root = join(import.meta.dirname, '..')

/** Runs vitest and returns how many tests passed and failed. */
async function runTests(args: readonly string[]): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'skykeel-test-'))
  const outcome = join(folder, 'outcome.json')
  const command = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outcome}`,
  ]
  const child = spawn(process.execPath, [...command, ...args], { cwd: root, stdio: 'inherit' })
  const code = await new Promise<number>((resolve) => child.on('exit', (exit) => resolve(exit ?? 1)))
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(await readFile(outcome, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
    }
    // A run that fails outside of any test, such as by an error that nobody caught, is a failure too.
    return { passed: numPassedTests, failed: code !== 0 && numFailedTests === 0 ? 1 : numFailedTests }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const missing = missingParts()
const { passed, failed } = await runTests(process.argv.slice(2))
for (const part of missing) console.log(`skipped: ${part.tests} (no ${part.name} here; ${part.remedy})`)
const mayNotMiss = process.env.SKYKEEL_TEST_ALL === '1' && missing.length > 0
if (mayNotMiss) console.log('SKYKEEL_TEST_ALL=1 allows nothing to be skipped.')
const failures = failed + (mayNotMiss ? missing.length : 0)
console.log(`${passed} passed, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0

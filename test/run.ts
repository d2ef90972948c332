import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { missingParts } from './helpers/parts.ts'

// `npm test`: the whole suite that this machine can run. Arguments narrow it: paths of test files, or vitest's own flags.

const root = join(import.meta.dirname, '..')

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Outcome {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Runs vitest and returns how many tests passed, and what failed. */
async function runTests(args: readonly string[]): Promise<{ passed: number; failed: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'skykeel-test-'))
  const file = join(folder, 'outcome.json')
  const command = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const child = spawn(process.execPath, [...command, ...args], { cwd: root, stdio: 'inherit' })
  const code = await new Promise<number>((resolve) => child.on('exit', (exit) => resolve(exit ?? 1)))
  try {
    const outcome = JSON.parse(await readFile(file, 'utf8')) as Outcome
    const failed = failuresOf(outcome)
    // A run that fails outside of any test, such as by an error that nobody caught, is a failure too.
    return { passed: outcome.numPassedTests, failed: code !== 0 && failed.length === 0 ? ['outside of any test'] : failed }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each failed test on a line, with the first line of what was wrong; a file that did not even come to its tests is one too. */
const failuresOf = ({ testResults }: Outcome): string[] =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed')
    const lines = failed.map(({ fullName, failureMessages }) => [fullName, firstLine(failureMessages[0])])
    if (status === 'failed' && lines.length === 0)
      lines.push(['the file as a whole', firstLine(message) || 'before or after its tests; why, stands above'])
    return lines.map((words) => [relative(root, name), ...words].join(': '))
  })

const firstLine = (text = ''): string => text.split('\n')[0] ?? ''

const missing = missingParts()
const { passed, failed } = await runTests(process.argv.slice(2))
for (const part of missing) console.log(`skipped: ${part.tests} (no ${part.name} here; ${part.remedy})`)
const mayNotMiss = process.env.SKYKEEL_TEST_ALL === '1' && missing.length > 0
if (mayNotMiss) console.log('SKYKEEL_TEST_ALL=1 allows nothing to be skipped.')
// Once more at the end, where whoever sees only the last lines of a long log finds them.
for (const failure of failed) console.log(`failed: ${failure}`)
const failures = failed.length + (mayNotMiss ? missing.length : 0)
console.log(`${passed} passed, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0

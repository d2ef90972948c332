import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { configurationOf } from './configuration.ts'
import type { EmbeddedCloud } from '../../helpers/embedded-cloud.ts'

/** What became of one of tempest's tests. One that never ran has failed with the class that it is of. */
export interface Outcome {
  readonly outcome: 'ok' | 'failed' | 'skipped' | 'not run'
  readonly why: string
}

/** Runs tests of tempest, by name, against a cloud. Gives what became of each. */
export async function runTempest(cloud: EmbeddedCloud, names: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
  writeFileSync(join(cloud.homeDir, 'tempest.conf'), configurationOf(cloud, cloud.homeDir))
  const child = spawn('/usr/bin/python3', ['-B', '-W', 'ignore', join(import.meta.dirname, 'tell.py')], {
    cwd: cloud.homeDir,
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: cloud.homeDir, TEMPEST_CONFIG_DIR: cloud.homeDir, OS_TEST_TIMEOUT: '120' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (words: Buffer) => (complaints += words.toString()))
  child.stdin.end(names.join('\n'))
  const ended = once(child, 'exit')
  const told = new Map<string, Outcome>()
  for await (const line of createInterface({ input: child.stdout })) {
    const { name, ...outcome } = JSON.parse(line) as Outcome & { name: string }
    told.set(name, outcome)
  }
  await ended
  return new Map(names.map((name) => [name, told.get(name) ?? { outcome: 'not run', why: told.get(classOf(name))?.why ?? complaints }]))
}

// What goes wrong before the first test of a class is told of the class.
const classOf = (name: string): string => `setUpClass (${name.replace(/\.\w+$/, '')})`

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandWith } from '../test/helpers/command.ts'
import { until } from '../test/helpers/until.ts'

const bootstrap = (...args: string[]) =>
  spawn('node', [join(import.meta.dirname, 'bootstrap.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

async function outcome(child: ReturnType<typeof bootstrap>) {
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr.on('data', (part: Buffer) => (text += part.toString()))
  const [code] = await once(child, 'close')
  return { code: code as number, text }
}

test('passes on arguments, output and the exit code', async () => {
  expect(await outcome(bootstrap('cli', 'version'))).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  expect(await outcome(bootstrap('cli', 'versio'))).toEqual({ code: 1, text: expect.stringContaining('Did you mean version?') })
})

test('says what it can run', async () => {
  expect(await outcome(bootstrap('dance'))).toEqual({ code: 1, text: expect.stringContaining('start|cli|test') })
})

test('a signal to it ends the cloud in order', async () => {
  const home = mkdtempSync(join(tmpdir(), 'skykeel-bootstrap-'))
  const child = bootstrap('start', '--state-dir', home, '--port', '0', '--controllers', '1', '--hosts', '0')
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  await until(() => text.includes('READY in'), { timeoutMs: 60_000, what: 'READY' })
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(text).toContain('Stopped in')
  expect((await commandWith({ SKYKEEL_STATE_DIR: home }).run('down')).stdout).toContain('No cloud runs')
  rmSync(home, { recursive: true })
}, 90_000)

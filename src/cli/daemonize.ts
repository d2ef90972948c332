import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { logOf, type StateDir } from '../embedded/supervisor/state-dir.ts'
import { say, warn } from './terminal.ts'

/** Runs `up` once more as a daemon, shows what it prints, and returns 0 as soon as the cloud is ready or 1 when it could not start. */
export async function daemonize(dir: StateDir, argv: readonly string[]): Promise<number> {
  const path = logOf(dir, 'up')
  const output = openSync(path, 'w', 0o600)
  const main = new URL('main.ts', import.meta.url).pathname
  const args = [...argv.filter((arg) => arg !== '-d' && arg !== '--detach'), '--state-dir', dir.root]
  const child = spawn(process.execPath, [...process.execArgv, main, 'up', ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  })
  closeSync(output)

  let shown = 0
  const show = () => {
    const all = readFileSync(path)
    if (all.length > shown) say(all.subarray(shown).toString().trimEnd())
    shown = all.length
  }
  const timer = setInterval(show, 50)
  const code = await new Promise<number>((resolve) => {
    child.once('message', () => resolve(0))
    child.once('error', (error) => {
      warn(`skykeel: the daemon can't be run: ${error.message}`)
      resolve(1)
    })
    child.once('exit', (ended, signal) => {
      if (signal) warn(`skykeel: the daemon was ended by ${signal}`)
      resolve(ended || 1)
    })
  })
  clearInterval(timer)
  show()
  if (child.connected) child.disconnect()
  child.unref()
  return code
}

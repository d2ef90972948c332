import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { logOf, type StateDir } from '../embedded/supervisor/state-dir.ts'
import { say, warn } from './terminal.ts'

/** Tells the daemon which temporary directory was made for it. */
export const directoryOfDaemon = 'EPHEMERAL_SKYKEEL_DIR'

/** Runs the same command once more as a daemon, shows what it prints, and returns 0 as soon as the cloud is ready or 1 when it could not start. */
export async function daemonize(dir: StateDir, argv: readonly string[]): Promise<number> {
  const path = logOf(dir, 'up')
  const output = openSync(path, 'w', 0o600)
  // Open from the beginning: an ephemeral cloud that can't start takes the file away.
  const reading = openSync(path, 'r')
  const main = new URL('main.ts', import.meta.url).pathname
  const args = argv.filter((arg) => arg !== '-d' && arg !== '--detach')
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, [directoryOfDaemon]: dir.root },
  })
  closeSync(output)

  let shown = 0
  const show = () => {
    const fresh = Buffer.alloc(fstatSync(reading).size - shown)
    shown += readSync(reading, fresh, 0, fresh.length, shown)
    if (fresh.length > 0) say(fresh.toString().trimEnd())
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

import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../config/startup-error.ts'
import type { StateDir } from './supervisor/state-dir.ts'

// What a cloud puts into its directory. Anything else is somebody's own and stays.
const ours =
  /^(supervisor\.lock.*|secrets\.json.*|clouds\.yaml.*|postgres.*|images|logs|agent|roster\.json.*|balancer[-a-z]*\.(json|sock).*|template-.*)$/

/** Removes everything that a cloud kept. False when there was nothing; throws when the directory is none of a cloud, or holds more. */
export async function purge(dir: StateDir): Promise<boolean> {
  if (!existsSync(dir.root)) return false
  const names = readdirSync(dir.root)
  if (!names.some((name) => name === 'secrets.json' || name === 'roster.json')) return false
  for (const name of names) if (ours.test(name)) rmSync(join(dir.root, name), { recursive: true, force: true })
  const left = readdirSync(dir.root)
  if (left.length === 0) rmdirSync(dir.root)
  else if (left.join() !== 'skykeel.yaml')
    throw new StartupError(
      `${dir.root} holds more than a cloud: ${left.join(', ')}`,
      'What was of the cloud is removed; look at the rest yourself.',
    )
  return true
}

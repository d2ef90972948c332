import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

// `npm run --silent last-release`: puts the release before this tree's into a folder, ready to run, and prints the folder.

const root = join(import.meta.dirname, '..')

/** The last release, as the history of a checkout tells: its version, and the commit that it is. */
export interface Release {
  readonly version: string
  readonly commit: string
}

/**
 * The release before the version that is being made in the checkout `tree`: what the tag of that version names, or where there is none the
 * commit before the version in package.json changed last. Throws when there is none yet, or the checkout has no history.
 */
export function lastRelease(tree = root): Release {
  const changed = git(tree, 'log', '-1', '--format=%H', '-G', '^  "version": ', '--', 'package.json')
  const before = changed && git(tree, 'rev-parse', '--quiet', '--verify', `${changed}^`)
  const text = before && git(tree, 'show', `${before}:package.json`)
  if (!text)
    throw new Error(`${tree} knows no release before its own: its history is too short. \`git fetch --unshallow --tags\` may help.`)
  const { version } = JSON.parse(text) as { version: string }
  return { version, commit: git(tree, 'rev-parse', '--quiet', '--verify', `refs/tags/v${version}^{commit}`) || before }
}

/** The folder of that release, unpacked and with its dependencies installed. It is kept for the next time. */
export function lastReleaseFolder(tree = root): string {
  const { commit } = lastRelease(tree)
  // Not below node_modules: Node runs no TypeScript from there.
  const folder = join(tree, '.skykeel/releases', commit)
  if (!existsSync(folder)) unpack(tree, commit, folder)
  // The first start of a program installs what it depends on.
  const { status } = spawnSync(join(folder, 'bin/skykeel'), ['version'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`the release in ${folder} can not be made ready: see above`)
  return folder
}

function unpack(tree: string, commit: string, folder: string): void {
  // Renamed when it is whole, in case that this ends early.
  const fresh = `${folder}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  const archive = execFileSync('git', ['archive', commit], { cwd: tree, maxBuffer: 1024 ** 3 })
  execFileSync('tar', ['-x', '-C', fresh], { input: archive })
  renameSync(fresh, folder)
}

/** What git says, without the line's end; nothing when it fails. */
function git(tree: string, ...args: string[]): string {
  const { stdout, status } = spawnSync('git', args, { cwd: tree, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : ''
}

if (import.meta.main) console.log(lastReleaseFolder())

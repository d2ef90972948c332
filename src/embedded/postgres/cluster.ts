import { access, chmod, chown, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from '../../config/startup-error.ts'
import { type Account, ownAccount } from './account.ts'
import { buildWhole } from './build-whole.ts'
import { mustRunAs } from './command.ts'
import type { Installation } from './installation.ts'

/** The role that owns everything, and the database, bear this name. */
export const skykeel = 'skykeel'

/** The programs find their data directory as their working directory: so the way to it may be closed to their account. */
export const here = ['-D', '/proc/self/cwd']

// Changes whenever the recipe below does, so that older templates are not used.
const recipe = 1

const initial = [
  '--username',
  skykeel,
  '--encoding',
  'UTF8',
  '--locale',
  'C',
  '--locale-provider',
  'builtin',
  '--builtin-locale',
  'C.UTF-8',
]
const smallFiles = ['--wal-segsize', '4', '--set', 'timezone=UTC', '--set', 'log_timezone=UTC', '--no-instructions', '--no-sync']

// One rule for all ways in: the password. (initdb's own rules trust every local user.)
const rules = `# type  database  user  address       method
local   all       all                 scram-sha-256
host    all       all   127.0.0.1/32  scram-sha-256
`

/** Makes an empty cluster with database `skykeel` at `dataDir`: a copy of a template, which is made once per version and kept in `cacheDir`. */
export async function createCluster(
  account: Account,
  installation: Installation,
  { dataDir, cacheDir, durable }: { dataDir: string; cacheDir: string; durable: boolean },
): Promise<void> {
  const template = await templateIn(cacheDir, account, installation)
  await buildWhole(dataDir, async (making) => {
    await mustRunAs(ownAccount(), ['cp', '-a', '--reflink=auto', `${template}/.`, making], { cwd: making })
    // Whoever copies an installation, as into the image of a container, may make all of it his own and open to others.
    await chmod(making, 0o700)
    const { uid, gid } = account.as
    if (uid !== undefined) await mustRunAs(ownAccount(), ['chown', '-R', `${uid}:${gid}`, '.'], { cwd: making })
    if (durable) await mustRunAs(account, [installation.initdb, '--sync-only', ...here], { cwd: making })
  })
}

/** The template in this directory; made if it is not there. */
export async function templateIn(cacheDir: string, account: Account, installation: Installation): Promise<string> {
  const template = join(cacheDir, `template-${installation.version}-${recipe}-u${account.ownerUid}`)
  if (await stat(template).catch(() => undefined)) return template
  await buildWhole(template, async (making) => {
    if (account.as.uid !== undefined) await chown(making, account.ownerUid, account.ownerGid)
    await mustRunAs(account, [installation.initdb, ...here, ...initial, '--auth', 'trust', ...smallFiles], { cwd: making })
    await singleUser(account, installation, { dataDir: making, database: 'template1', sql: `alter database postgres rename to ${skykeel}` })
    await writeFile(join(making, 'pg_hba.conf'), rules)
    await mustRunAs(account, [installation.initdb, '--sync-only', ...here], { cwd: making })
  })
  return template
}

/** Runs one statement (of one line) in a cluster whose server does not run. */
export async function singleUser(
  account: Account,
  { postgres }: Installation,
  { dataDir, database, sql }: { dataDir: string; database: string; sql: string },
): Promise<void> {
  const output = await mustRunAs(account, [postgres, '--single', ...here, database], { cwd: dataDir, input: `${sql}\n` })
  if (/\b(ERROR|FATAL|PANIC):/.test(output)) throw new Error(`PostgreSQL in single-user mode: ${output}`)
}

/** Refuses a directory that is no data directory of this server's major version. */
export async function checkCluster(dataDir: string, { version }: Installation): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  const major = version.split('.')[0]
  if (found === major) return
  throw new StartupError(
    found === '' ? `${dataDir} is not a PostgreSQL data directory` : `${dataDir} was made by PostgreSQL ${found}; this is ${major}`,
    found === '' ? 'Remove it, or choose another state directory.' : 'Use the release that made it, or start with a fresh state directory.',
  )
}

/** The first of these directories in which we may write; makes it. */
export async function writableDirectory(candidates: readonly string[]): Promise<string> {
  for (const path of candidates) {
    const usable = await mkdir(path, { recursive: true })
      .then(() => access(path, constants.W_OK | constants.X_OK))
      .then(
        () => true,
        () => false,
      )
    if (usable) return path
  }
  throw new StartupError(
    `There is no place for a template of a database: ${candidates.join(' and ')} can't be written`,
    'Make one of them writable.',
  )
}

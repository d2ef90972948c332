import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { StartupError } from '../../config/startup-error.ts'
import { runAs } from './command.ts'

/** Whom PostgreSQL runs as: it refuses to be root. */
export interface Account {
  /** Who owns its files, as this process sees them. */
  readonly ownerUid: number
  readonly ownerGid: number
  /** Spawn options that switch the user. Node changes to `cwd` before it switches, so the way to it may be closed to the account. */
  readonly as: { readonly uid?: number; readonly gid?: number }
  /** A command to be put before the program. */
  readonly before: readonly string[]
}

/** The user that owns nothing else; the same number on every Linux distribution. */
const nobody = 65534

// In a user namespace PostgreSQL sees itself as nobody, which has a name everywhere (initdb wants one); outside, its files are ours.
const inNamespace = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--']

/** This process's own user. */
export function ownAccount(): Account {
  return { ownerUid: process.getuid?.() ?? nobody, ownerGid: process.getgid?.() ?? nobody, as: {}, before: [] }
}

const switchedTo = (uid: number, gid: number): Account => ({ ownerUid: uid, ownerGid: gid, as: { uid, gid }, before: [] })

const works = async (account: Account): Promise<boolean> => (await runAs(account, ['/bin/sh', '-c', ':'], { cwd: '/' })).ok

/**
 * Chooses the account: an ordinary user is itself; root becomes the owner of the data directory, or nobody when there is none yet or
 * it is root's. A user without a name, and a root that may not switch, go into a user namespace.
 */
export async function chooseAccount(dataDir: string): Promise<Account> {
  const own = ownAccount()
  const namespace = { ...own, before: inNamespace }
  if (own.ownerUid !== 0) return hasName() || !(await works(namespace)) ? own : namespace

  const owner = await stat(dataDir).catch(() => undefined)
  const switched = owner && owner.uid !== 0 ? switchedTo(owner.uid, owner.gid) : switchedTo(nobody, nobody)
  if (await works(switched)) return switched
  if (await works(namespace)) return namespace
  throw new StartupError(
    'PostgreSQL refuses to run as root, and this process may neither switch to another user nor make a user namespace',
    'Run Skykeel as an ordinary user, or give it the capabilities SETUID, SETGID and CHOWN.',
  )
}

// A container may run us under a number that /etc/passwd does not know.
function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'
import type { Config } from '../config/settings.ts'
import { readSecrets } from '../embedded/supervisor/secrets.ts'
import { makeStateDir, type StateDir } from '../embedded/supervisor/state-dir.ts'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'
import { digestOf } from './backup.ts'
import type { Header } from './format.ts'
import { type CloudSecrets, openSecrets } from './sealed-secrets.ts'

/** The secrets of this cloud, from its configuration or its state directory. */
export function secretsOf(dir: StateDir, { secret, adminPassword }: Pick<Config, 'secret' | 'adminPassword'>): CloudSecrets | undefined {
  const kept = readSecrets(dir)
  const cloudSecret = secret ?? kept?.cloudSecret
  const password = adminPassword ?? kept?.adminPassword
  return cloudSecret === undefined ? undefined : { cloudSecret, ...(password !== undefined && { adminPassword: password }) }
}

/** The first line of the file. Throws a StartupError when there is none. */
export function readPassphrase(path: string): string {
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new StartupError(
      `The passphrase file ${path} can't be read: ${(cause as NodeJS.ErrnoException).code}`,
      'Check its path and permissions.',
      { cause },
    )
  }
  const passphrase = text.split(/\r?\n/, 1)[0]!
  if (passphrase.length < 8) throw new StartupError(`The passphrase in ${path} is shorter than 8 characters`, 'Choose a longer one.')
  return passphrase
}

/** What is to be done about the secrets once the database is restored. */
export interface SecretPlan {
  /** In words for people. */
  readonly note: string
  carryOut(): void
}

/**
 * Decides, before anything is changed, where the restored cloud has its secret from: sealed in the archive, or kept in the state directory or
 * the configuration all along. Throws a StartupError when it would have none, or another.
 */
export function planSecrets(
  dir: StateDir,
  { header, config, passphrase, force }: { header: Header; config: Config; passphrase: string | undefined; force: boolean },
): SecretPlan {
  const known = secretsOf(dir, config)
  const fits = known && header.secretDigest !== undefined ? digestOf(known.cloudSecret) === header.secretDigest : undefined
  if (passphrase !== undefined) {
    if (!header.sealedSecrets)
      throw new StartupError(
        'The archive holds no secret of the cloud',
        `Leave --passphrase-file out, and put its secrets.json into ${dir.root}.`,
      )
    const secrets = openSecrets(header.sealedSecrets, passphrase)
    if (fits === false && !force)
      throw new StartupError(`${dir.root} has the secret of another cloud`, 'Choose another --state-dir, or replace it by --force.')
    const carryOut = () => {
      makeStateDir(dir.root)
      writeWhole(dir.secrets, `${JSON.stringify({ ...(fits ? readSecrets(dir) : {}), ...secrets })}\n`)
    }
    return { note: `The secret of the cloud is in ${dir.secrets}.`, carryOut }
  }
  if (fits === false)
    throw new StartupError(
      'The secret that is here is that of another cloud: keys in the archive could not be opened',
      header.sealedSecrets
        ? 'Give --passphrase-file.'
        : `Put the secrets.json of the cloud into ${dir.root}, or give its secret as SKYKEEL_SECRET.`,
    )
  if (known)
    return {
      note: fits ? 'The secret that is here is that of the cloud.' : 'Whether the secret that is here is that of the cloud is not known.',
      carryOut() {},
    }
  if (config.database !== undefined && !existsSync(dir.secrets))
    return { note: 'The controllers need the same secret as before.', carryOut() {} }
  throw new StartupError(
    'The secret of the cloud is not here, and without it the restored cloud is of no use',
    header.sealedSecrets ? 'Give --passphrase-file.' : `Put the secrets.json of the cloud into ${dir.root} first.`,
  )
}

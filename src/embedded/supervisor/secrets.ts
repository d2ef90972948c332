import { systemIds } from '../../kernel/clock.ts'
import { StartupError } from '../../config/startup-error.ts'
import type { StateDir } from './state-dir.ts'
import { readJson, writeWhole } from './whole-file.ts'

const hints = {
  secret: 'What is sealed in its database can be opened only by that one: leave the setting out.',
  password: 'Leave the setting out, and change passwords by `openstack user set --password`.',
}

export interface Secrets {
  /** What all controllers share. */
  readonly cloudSecret: string
  /** Of every seeded user. */
  readonly adminPassword: string
}

/** The cloud's secrets: given or made at its first start, and the same ever after. Throws when others are given later. */
export function ensureSecrets(dir: StateDir, given: { secret?: string | undefined; adminPassword?: string | undefined }): Secrets {
  const known = (readJson(dir.secrets) ?? {}) as Partial<Secrets>
  for (const [name, was, now] of [
    ['secret', known.cloudSecret, given.secret],
    ['password', known.adminPassword, given.adminPassword],
  ] as const) {
    if (was !== undefined && now !== undefined && was !== now)
      throw new StartupError(`The cloud in ${dir.root} was made with another ${name}`, hints[name])
  }
  const secrets = {
    cloudSecret: given.secret ?? known.cloudSecret ?? systemIds.bytes(32).toString('base64url'),
    adminPassword: given.adminPassword ?? known.adminPassword ?? systemIds.bytes(12).toString('base64url'),
  }
  if (secrets.cloudSecret !== known.cloudSecret || secrets.adminPassword !== known.adminPassword)
    writeWhole(dir.secrets, `${JSON.stringify(secrets)}\n`)
  return secrets
}

/** The secrets of a cloud that was started before. */
export const readSecrets = (dir: StateDir): Secrets | undefined => readJson(dir.secrets) as Secrets | undefined

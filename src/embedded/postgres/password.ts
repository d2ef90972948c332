import { chown, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { systemIds } from '../../kernel/clock.ts'
import type { Account } from './account.ts'
import { singleUser, skykeel } from './cluster.ts'
import type { Installation } from './installation.ts'

const pathIn = (dataDir: string): string => join(dataDir, 'skykeel.password')

/** The password of role `skykeel`. Undefined when none has been set yet. */
export async function readPassword(dataDir: string): Promise<string | undefined> {
  return (await readFile(pathIn(dataDir), 'utf8').catch(() => '')).trim() || undefined
}

/**
 * Gives the role a random password, once. The server must not run. The file lies in the data directory, so that it comes and goes with it,
 * and is written last: whoever dies before begins anew with another password.
 */
export async function ensurePassword(account: Account, installation: Installation, { dataDir }: { dataDir: string }): Promise<string> {
  const existing = await readPassword(dataDir)
  if (existing) return existing
  const password = systemIds.bytes(24).toString('base64url')
  await singleUser(account, installation, { dataDir, database: skykeel, sql: `alter role ${skykeel} password '${password}'` })
  const path = pathIn(dataDir)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(`${password}\n`)
    if (account.as.uid !== undefined) await chown(`${path}.new`, account.ownerUid, account.ownerGid)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  return password
}

import { hashSeedPasswords, seedIdentity } from '../../src/keystone/contract.ts'
import { transaction } from '../../src/kernel/sql/transaction.ts'
import { services } from '../../src/topology/services.ts'
import { clientOf } from './client.ts'
import type { Context } from '../../src/kernel/context.ts'
import type { SeededIdentity } from '../../src/keystone/contract.ts'

/** Who a test can be; each asks with a token for his own project, the system users with one for the system. */
export const scopes = {
  admin: 'admin',
  demo: 'demo',
  demo_member: 'demo',
  demo_reader: 'demo',
  alt_demo: 'alt_demo',
  alt_demo_member: 'alt_demo',
  alt_demo_reader: 'alt_demo',
  system_admin: 'system',
  system_member: 'system',
  system_reader: 'system',
  nova: 'service',
} as const

/** The users of every test cloud. */
export type UserName = keyof typeof scopes

export const passwordOf = (user: string): string => `secret of ${user}`

// Hashes this cheap are for tests only.
const testCost = 4

/** Puts the usual users, projects and services into an empty cloud. */
export async function seedTestCloud(ctx: Context): Promise<SeededIdentity> {
  const passwordHashes = await hashSeedPasswords(ctx, passwordOf, testCost)
  const catalog = services.flatMap((entry) =>
    'api' in entry ? [{ type: entry.api.type, name: entry.api.service, path: entry.api.prefix + entry.api.path }] : [],
  )
  return transaction(ctx, 'seed', (tx) => seedIdentity(ctx, tx, { passwordHashes, services: catalog, region: 'RegionOne' }))
}

/** The body of `POST /v3/auth/tokens` for a user and his usual scope. */
export function loginOf(user: UserName): object {
  const domain = { id: 'default' }
  const scope = scopes[user] === 'system' ? { system: { all: true } } : { project: { name: scopes[user], domain } }
  return { auth: { identity: { methods: ['password'], password: { user: { name: user, domain, password: passwordOf(user) } } }, scope } }
}

/** Logs users in at the cloud at `url`, each one once. */
export function tokenFor(url: string): (user: UserName) => Promise<string> {
  const tokens = new Map<UserName, Promise<string>>()
  const anonymous = clientOf(
    () => url,
    async () => undefined,
  )
  const logIn = async (user: UserName) => {
    const { status, headers, body } = await anonymous.post('/identity/v3/auth/tokens', loginOf(user))
    const token = headers.get('x-subject-token')
    if (!token) throw new Error(`${user} can not log in: ${status} ${JSON.stringify(body)}`)
    return token
  }
  return async (user) => {
    let token = tokens.get(user)
    if (!token) tokens.set(user, (token = logIn(user)))
    return token
  }
}

import { grant } from '../assignments/store.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { makeFirstKeys } from '../keys/ring.ts'
import { changed } from '../memory.ts'
import { hashPassword } from '../passwords/hash.ts'
import { insertProject, projectByName } from '../projects/store.ts'
import { insertRegion } from '../regions/store.ts'
import { imply, insertRole, roleByName } from '../roles/store.ts'
import { insertService, listServices } from '../services/store.ts'
import { insertUser, userByName } from '../users/store.ts'
import { systemId } from '../tables.ts'
import { roleLine, seedProjects, seedUsers, serviceRole, type SeedGrant } from './cast.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

const defaultDomain = 'default'

export interface IdentitySeed {
  /** From `hashSeedPasswords`: hashing takes too long for a transaction. */
  readonly passwordHashes: Readonly<Record<string, string>>
  /** `path` is where the service lives below the cloud's own address: /compute/v2.1. */
  readonly services: readonly { readonly type: string; readonly name: string; readonly path: string }[]
  readonly region: string
}

/** Ids by name. */
export interface SeededIdentity {
  readonly projectIds: Record<string, string>
  readonly userIds: Record<string, string>
}

/** Hashes the password of every user of the seed, which takes a sixth of a second for each; one that is for all, only once. A lower `cost` is for tests. */
export async function hashSeedPasswords(
  ctx: Context,
  password: string | ((user: string) => string),
  cost?: number,
): Promise<Record<string, string>> {
  const hash = async (text: string) => hashPassword(ctx.ids, text, cost)
  const shared = typeof password === 'string' ? hash(password) : undefined
  const hashes = Object.keys(seedUsers).map(
    async (user) => [user, await (shared ?? hash((password as (user: string) => string)(user)))] as const,
  )
  return Object.fromEntries(await Promise.all(hashes))
}

/** Puts there what DevStack users know: domain, projects, users, roles, catalog and keys. What is there already stays as it is. */
export async function seedIdentity(ctx: Context, tx: Tx, seed: IdentitySeed): Promise<SeededIdentity> {
  await makeFirstKeys(ctx, tx)
  await insertProject(ctx, tx, { id: defaultDomain, domainId: '', name: 'Default', parentId: null, description: 'The default domain' })
  const roleIds = await seedRoles(ctx, tx)
  const projectIds = await seedAll(seedProjects, async (name) => {
    await insertProject(ctx, tx, { id: ctx.ids.hex(), domainId: defaultDomain, name, parentId: defaultDomain })
    return (await projectByName(tx, { domainId: defaultDomain, name }))!.id
  })
  const userIds = await seedAll(Object.keys(seedUsers), async (name) => {
    await insertUser(ctx, tx, {
      id: ctx.ids.hex(),
      domainId: defaultDomain,
      name,
      password: { password_hash: seed.passwordHashes[name] ?? null },
    })
    return (await userByName(tx, { domainId: defaultDomain, name }))!.id
  })
  for (const [user, grants] of Object.entries(seedUsers)) {
    for (const one of grants)
      await grant(ctx, tx, {
        ...targetOf(one, projectIds),
        actor_id: userIds[user]!,
        actor_type: 'user',
        role_id: roleIds[one.role]!,
        inherited: false,
      })
  }
  await seedCatalog(ctx, tx, seed)
  changed(ctx, tx)
  return { projectIds, userIds }
}

function targetOf(one: SeedGrant, projectIds: Record<string, string>) {
  if ('project' in one) return { target_id: projectIds[one.project]!, target_type: 'project' as const }
  return one.on === 'system'
    ? { target_id: systemId, target_type: 'system' as const }
    : { target_id: defaultDomain, target_type: 'domain' as const }
}

async function seedRoles(ctx: Context, tx: Tx): Promise<Record<string, string>> {
  const ids = await seedAll([...roleLine, serviceRole], async (name) => {
    await insertRole(ctx, tx, { id: ctx.ids.hex(), domainId: '', name, options: { immutable: true } })
    return (await roleByName(tx, { domainId: '', name }))!.id
  })
  for (const [index, prior] of roleLine.slice(0, -1).entries())
    await imply(ctx, tx, { prior: ids[prior]!, implied: ids[roleLine[index + 1]!]! })
  return ids
}

async function seedCatalog(ctx: Context, tx: Tx, { services, region }: IdentitySeed): Promise<void> {
  await insertRegion(ctx, tx, { id: region })
  for (const { type, name, path } of services) {
    if ((await listServices(tx, { type, name })).length > 0) continue
    const id = ctx.ids.hex()
    await insertService(tx, { id, type, name, description: `OpenStack ${name}` })
    for (const reach of ['public', 'internal', 'admin'] as const) {
      await insertEndpoint(tx, { id: ctx.ids.hex(), serviceId: id, regionId: region, interface: reach, url: `$(root_url)s${path}` })
    }
  }
}

async function seedAll(names: readonly string[], make: (name: string) => Promise<string>): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const name of names) ids[name] = await make(name)
  return ids
}

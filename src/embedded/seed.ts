import type { Kysely } from 'kysely'
import { openImageStore, seedImages, writeSeedFile } from '../glance/contract.ts'
import type { Context } from '../kernel/context.ts'
import { transaction } from '../kernel/sql/transaction.ts'
import { hashSeedPasswords, seedIdentity } from '../keystone/contract.ts'
import { seedCompute } from '../nova/contract.ts'
import { services, type ServiceEntry } from '../topology/services.ts'

/** Changes whenever a seed does, so that clouds of an earlier release get what is new. */
const seedVersion = 1

export interface Seed {
  readonly password: string
  readonly region: string
  readonly imageFolder: string
}

/** Puts into a new cloud what DevStack users know; what is there stays as it is. Says whether there was anything to do. */
export async function seedCloud(ctx: Context, { password, region, imageFolder }: Seed): Promise<boolean> {
  const mark = `seed.${seedVersion}.${region}`
  if (await isMarked(ctx.db, mark)) return false
  const [passwordHashes, file] = await Promise.all([hashSeedPasswords(ctx, password), writeSeedFile(ctx, openImageStore(imageFolder))])
  await transaction(ctx, 'seed', async (tx) => {
    const { projectIds } = await seedIdentity(ctx, tx, { passwordHashes, services: catalog(), region })
    await seedImages(ctx, tx, { projectId: projectIds['admin']!, file })
    await seedCompute(ctx, tx)
    await ctx.dialect.insertIfAbsent(tx, 'kernel_migrations', { name: mark, applied_at: ctx.dialect.now() })
  })
  return true
}

// The ledger of migrations serves for this too: both are done once for a database.
const isMarked = async (db: Kysely<any>, mark: string): Promise<boolean> =>
  (await db.selectFrom('kernel_migrations').select('name').where('name', '=', mark).executeTakeFirst()) !== undefined

const catalog = () =>
  (services as readonly ServiceEntry[]).flatMap(({ api }) => (api ? [{ type: api.type, name: api.service, path: api.prefix + api.path }] : []))

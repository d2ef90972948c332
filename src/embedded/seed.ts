import { openImageStore, seedImages, seedResourceTypes, writeSeedFile } from '../glance/contract.ts'
import type { Context } from '../kernel/context.ts'
import { transaction } from '../kernel/sql/transaction.ts'
import { hashSeedPasswords, seedIdentity } from '../keystone/contract.ts'
import { seedNetworks } from '../neutron/contract.ts'
import { seedCompute } from '../nova/contract.ts'
import { services, type ServiceEntry } from '../topology/services.ts'

export interface Seed {
  readonly password: string
  readonly region: string
  readonly images: string
}

/** Puts into a new cloud what DevStack users know; what is there stays as it is. Leaves `mark` behind in the same transaction. */
export async function seedCloud(ctx: Context, { password, region, images, mark }: Seed & { readonly mark: string }): Promise<void> {
  const [passwordHashes, file] = await Promise.all([hashSeedPasswords(ctx, password), writeSeedFile(ctx, openImageStore(images))])
  await transaction(ctx, 'seed', async (tx) => {
    const { projectIds } = await seedIdentity(ctx, tx, { passwordHashes, services: catalog(), region })
    await seedImages(ctx, tx, { projectId: projectIds['admin']!, file })
    await seedResourceTypes(ctx, tx)
    await seedNetworks(ctx, tx, { adminProjectId: projectIds['admin']!, demoProjectId: projectIds['demo']! })
    await seedCompute(ctx, tx)
    await ctx.dialect.insertIfAbsent(tx, 'kernel_migrations', { name: mark, applied_at: ctx.dialect.now() })
  })
}

const catalog = () =>
  (services as readonly ServiceEntry[]).flatMap(({ api }) =>
    api ? [{ type: api.type, name: api.service, path: api.prefix + api.path }] : [],
  )

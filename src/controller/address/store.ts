import type { Context } from '../../kernel/context.ts'
import './tables.ts'

/** Says that this controller's machine has the address now, by the database's clock. */
export async function holdAddress(ctx: Context, controller: string): Promise<void> {
  const now = ctx.dialect.now()
  const touched = await ctx.db
    .updateTable('kernel_address_holders')
    .set({ seen_at: now })
    .where('controller', '=', controller)
    .executeTakeFirst()
  if (Number(touched.numUpdatedRows) === 0) await ctx.dialect.insertIfAbsent(ctx.db, 'kernel_address_holders', { controller, seen_at: now })
}

export const dropAddress = (ctx: Context, controller: string): Promise<unknown> =>
  ctx.db.deleteFrom('kernel_address_holders').where('controller', '=', controller).execute()

/** The controllers that said in the last seconds that their machines have the address. */
export async function addressHolders(ctx: Context, { seconds }: { seconds: number }): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('kernel_address_holders')
    .select('controller')
    .where('seen_at', '>', ctx.dialect.fromNow(-seconds) as never)
    .orderBy('controller')
    .execute()
  return rows.map(({ controller }) => controller)
}

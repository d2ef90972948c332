import { sql } from 'kysely'
import { hasData } from '../images/states.ts'
import '../tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { Usage } from './resources.ts'

/** What a project's images are at this moment, counted. */
export async function usageOf(db: Db, owner: string): Promise<Usage> {
  const rows = await db
    .selectFrom('glance_images')
    .select(['status', sql<number>`count(*)`.as('images'), sql<number>`coalesce(sum(size_bytes), 0)`.as('bytes')])
    .where('owner', '=', owner)
    .where('deleted_at', 'is', null)
    .groupBy('status')
    .execute()
  const sum = (of: 'images' | 'bytes', some = rows) => some.reduce((total, row) => total + Number(row[of]), 0)
  const [whole, pending] = [rows.filter((row) => hasData(row.status)), rows.filter((row) => isPending(row.status))]
  return { images: sum('images'), pending: sum('images', pending), bytes: sum('bytes', whole), stagedBytes: sum('bytes', pending) }
}

const isPending = (status: string): boolean => status === 'uploading' || status === 'importing'

/** Waits until nobody else counts this project's images, and keeps others waiting until this transaction ends. */
export async function takeTurn(ctx: Context, tx: Tx, owner: string): Promise<void> {
  const take = () =>
    tx
      .updateTable('glance_quota_turns')
      .set((eb) => ({ turn: eb('turn', '+', 1) }))
      .where('owner', '=', owner)
      .executeTakeFirst()
  if ((await take()).numUpdatedRows === 1n) return
  await ctx.dialect.insertIfAbsent(tx, 'glance_quota_turns', { owner, turn: 0 })
  await take()
}

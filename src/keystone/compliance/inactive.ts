import '../tables.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { changed } from '../memory.ts'
import { momentOf } from '../moments.ts'
import { recordRevocation } from '../revocations/store.ts'
import { dayMs, type Compliance } from './compliance.ts'
import type { Context } from '../../kernel/context.ts'
import type { UserRow } from '../tables.ts'

/** The day of a moment, in UTC: 2026-11-28. */
export const dayOf = (date: Date): string => momentOf(date).slice(0, 10)

/** The last day of activity with which an account is to be disabled today. */
const lastDay = (ctx: Context, days: number): string => dayOf(new Date(ctx.clock.now().getTime() - days * dayMs))

/** Whether the account has not been used for so long that it is as good as disabled. */
export function isInactive(ctx: Context, { disableUserAccountDaysInactive: days }: Compliance, user: UserRow): boolean {
  if (days === undefined || user.last_active_on === null || user.options_json['ignore_user_inactivity'] === true) return false
  return user.last_active_on <= lastDay(ctx, days)
}

/** Writes down that the user was here today. */
export async function markActive(ctx: Context, { disableUserAccountDaysInactive: days }: Compliance, user: UserRow): Promise<void> {
  const today = dayOf(ctx.clock.now())
  if (days === undefined || user.last_active_on === today) return
  await transaction(ctx, 'keystone.users.active', (tx) =>
    tx.updateTable('keystone_users').set({ last_active_on: today }).where('id', '=', user.id).execute(),
  )
}

/** Disables who has not been here for too long, and ends his tokens, `limit` users at a time. */
export async function disableInactive(ctx: Context, asked: Compliance, limit = 1000): Promise<void> {
  const { disableUserAccountDaysInactive: days } = asked
  if (days === undefined) return
  const day = lastDay(ctx, days)
  const enabled = ctx.db.selectFrom('keystone_users').selectAll().where('enabled', '=', true).where('last_active_on', '<=', day)
  for (let last = ''; ;) {
    const rows = await enabled.where('id', '>', last).orderBy('id').limit(limit).execute()
    for (const user of rows.filter((row) => isInactive(ctx, asked, row))) await disable(ctx, user, day)
    if (rows.length < limit) return
    last = rows.at(-1)!.id
  }
}

// Unless he came back, or somebody enabled him, since he was found.
async function disable(ctx: Context, { id, token_epoch }: UserRow, day: string): Promise<void> {
  await transaction(ctx, 'keystone.users.disable', async (tx) => {
    const result = await tx
      .updateTable('keystone_users')
      .set({ enabled: false, token_epoch: token_epoch + 1 })
      .where('id', '=', id)
      .where('token_epoch', '=', token_epoch)
      .where('last_active_on', '<=', day)
      .executeTakeFirst()
    if (Number(result.numUpdatedRows) === 0) return
    await recordRevocation(ctx, tx, 'user_id', id)
    changed(ctx, tx)
  })
}

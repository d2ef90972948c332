import './tables.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { stepAt } from './totp.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** A passcode of a user, and the half minute that it is of. */
export interface Passcode {
  readonly step: number
  readonly passcode: string
}

/** Uses a passcode up. False: another request has done so. */
export async function takePasscode(
  ctx: Context,
  tx: Tx,
  { userId, step, passcode, requestKey }: Passcode & { readonly userId: string; readonly requestKey: string },
): Promise<boolean> {
  const row = { user_id: userId, step, passcode, request_key: requestKey }
  if (await ctx.dialect.insertIfAbsent(tx, 'keystone_used_passcodes', row)) return true
  const same = tx.selectFrom('keystone_used_passcodes').select('step').where('user_id', '=', userId).where('step', '=', step)
  return (await same.where('passcode', '=', passcode).where('request_key', '=', requestKey).executeTakeFirst()) !== undefined
}

/** Forgets passcodes that have ended long ago, at most `limit` at once. */
export async function forgetPasscodes(ctx: Context, limit = 1000): Promise<void> {
  // An hour more than needed: the clocks of other instances may be behind.
  const first = stepAt(new Date(ctx.clock.now().getTime() - 3600_000))
  const rows = await ctx.db
    .selectFrom('keystone_used_passcodes')
    .select(['user_id', 'step'])
    .where('step', '<', first)
    .orderBy('step')
    .limit(limit)
    .execute()
  if (rows.length === 0) return
  const users = [...new Set(rows.map((row) => row.user_id))]
  await transaction(ctx, 'keystone.passcodes.forget', (tx) =>
    tx.deleteFrom('keystone_used_passcodes').where('step', '<=', rows.at(-1)!.step).where('user_id', 'in', users).execute(),
  )
}

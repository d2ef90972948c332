import { unauthenticated } from '../../kernel/errors.ts'
import { changed } from '../memory.ts'
import { hashPassword, verifyPassword } from '../passwords/hash.ts'
import { updateUser, userById } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

/** A user who proved to know the password, and the hash of the new one. */
export interface NewPassword {
  readonly seen: UserRow
  readonly hash: string
}

const refusal = () => unauthenticated('The request you have made requires authentication.')

/** Checks the old password and hashes the new one; before the transaction, since both take their time. */
export async function prepareNewPassword(
  ctx: Context,
  { userId, original, wanted }: { userId: string; original: string; wanted: string },
): Promise<NewPassword> {
  const seen = await userById(ctx.db, userId)
  if (!(await verifyPassword(original, seen?.password_hash)) || !seen?.enabled) throw refusal()
  return { seen, hash: await hashPassword(ctx.ids, wanted) }
}

/** Sets the new password if the old one still is what was checked, and ends all earlier tokens. */
export async function changePassword(ctx: Context, tx: Tx, { seen, hash }: NewPassword): Promise<void> {
  const done = await updateUser(tx, seen, { password_hash: hash, token_epoch: seen.token_epoch + 1 })
  if (!done) throw refusal()
  changed(ctx, tx)
}

import { assertMayChange, assertStrong, assertUnlikeLast, passwordColumns } from '../compliance/new-password.ts'
import { forgetFailures, keepPast } from '../compliance/store.ts'
import { changed } from '../memory.ts'
import { hashPassword } from '../passwords/hash.ts'
import { authenticationFailed, userByPassword } from '../passwords/prove.ts'
import { recordRevocation } from '../revocations/store.ts'
import { updateUser, userById } from './store.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

/** A user who proved to know the password, and the hash of the new one. */
export interface NewPassword {
  readonly seen: UserRow
  readonly hash: string
}

/** Checks the old password, judges the new one and hashes it; before the transaction, since all of that takes its time. */
export async function prepareNewPassword(
  ctx: RequestContext,
  asked: Compliance,
  { userId, original, wanted }: { userId: string; original: string; wanted: string },
): Promise<NewPassword> {
  // One that has expired is good for this.
  const seen = await userByPassword(ctx, asked, { user: await userById(ctx.db, userId), password: original })
  assertStrong(asked, wanted)
  assertMayChange(asked, seen, ctx.clock.now())
  await assertUnlikeLast(ctx.db, asked, seen, wanted)
  return { seen, hash: await hashPassword(ctx.ids, wanted) }
}

/** Sets the new password if the old one still is what was checked, and ends all earlier tokens. */
export async function changePassword(ctx: Context, tx: Tx, asked: Compliance, { seen, hash }: NewPassword): Promise<void> {
  const columns = passwordColumns(ctx, asked, { hash, options: seen.options_json, isOwn: true })
  const done = await updateUser(tx, seen, { ...columns, token_epoch: seen.token_epoch + 1 })
  if (!done) throw authenticationFailed()
  await keepPast(ctx, tx, seen, asked.uniqueLastPasswordCount - 1)
  await forgetFailures(tx, seen.id)
  await recordRevocation(ctx, tx, 'user_id', seen.id)
  changed(ctx, tx)
}

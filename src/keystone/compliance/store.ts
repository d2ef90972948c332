import { sql } from 'kysely'
import './tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

/** The hashes of the passwords before the user's last one, newest first. */
export async function pastPasswords(db: Db, userId: string, count: number): Promise<string[]> {
  const rows = await past(db, userId).limit(count).execute()
  return rows.map((row) => row.password_hash)
}

const past = (db: Db, userId: string) =>
  db
    .selectFrom('keystone_past_passwords')
    .select(['token_epoch', 'password_hash'])
    .where('user_id', '=', userId)
    .orderBy('token_epoch', 'desc')

/** Keeps the password that a user had until now, and `count` in all; for none it may be negative. `seen` is the user before the change. */
export async function keepPast(ctx: Context, tx: Tx, seen: UserRow, count: number): Promise<void> {
  const { id: user_id, token_epoch, password_hash } = seen
  if (count > 0 && password_hash !== null)
    await ctx.dialect.insertIfAbsent(tx, 'keystone_past_passwords', { user_id, token_epoch, password_hash })
  const epochs = (await past(tx, user_id).execute()).slice(Math.max(0, count)).map((row) => row.token_epoch)
  if (epochs.length > 0)
    await tx.deleteFrom('keystone_past_passwords').where('user_id', '=', user_id).where('token_epoch', 'in', epochs).execute()
}

/** A wrong password; `isRecent` while it can still keep the account locked. */
export interface Failure {
  readonly number: number
  readonly attempt: string
  readonly isRecent: boolean
}

/** The wrong passwords since the last right one. */
export async function failuresOf(ctx: Context, db: Db, userId: string, durationSeconds: number): Promise<Failure[]> {
  const rows = await db
    .selectFrom('keystone_failed_logins')
    .select(['number', 'attempt', sql<unknown>`failed_at > ${ctx.dialect.fromNow(-durationSeconds)}`.as('is_recent')])
    .where('user_id', '=', userId)
    .execute()
  return rows.map(({ number, attempt, is_recent }) => ({ number, attempt, isRecent: Boolean(is_recent) }))
}

/** False: another failure took this number. */
export const insertFailure = (ctx: Context, tx: Tx, failure: { userId: string; number: number; attempt: string }): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_failed_logins', {
    user_id: failure.userId,
    number: failure.number,
    attempt: failure.attempt,
    failed_at: ctx.dialect.now(),
  })

/** Forgets these failures of the user, and none that came since. */
export async function deleteFailures(tx: Tx, userId: string, failures: readonly Failure[]): Promise<void> {
  const attempts = failures.map((failure) => failure.attempt)
  if (attempts.length > 0)
    await tx.deleteFrom('keystone_failed_logins').where('user_id', '=', userId).where('attempt', 'in', attempts).execute()
}

/** Opens the user's account. */
export async function forgetFailures(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('keystone_failed_logins').where('user_id', '=', userId).execute()
}

/** Forgets all that was kept here of these users. */
export async function deleteLoginHistory(tx: Tx, userIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('keystone_past_passwords').where('user_id', 'in', userIds).execute()
  await tx.deleteFrom('keystone_failed_logins').where('user_id', 'in', userIds).execute()
}

import { invalid } from '../../kernel/errors.ts'
import { hasPassed, momentOf } from '../moments.ts'
import { verifyPassword } from '../passwords/hash.ts'
import { dayMs, type Compliance } from './compliance.ts'
import { pastPasswords } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

/** What is written down of a password. */
export type PasswordColumns = Pick<UserRow, 'password_hash' | 'password_set_at' | 'password_expires_at' | 'password_is_own'>

interface Setting {
  readonly hash: string | null
  /** The user's options, as they are with this password. */
  readonly options: Readonly<Record<string, unknown>>
  /** Whether the user himself sets it. */
  readonly isOwn: boolean
}

/** The columns of a password that is set now. */
export function passwordColumns({ clock }: Pick<Context, 'clock'>, asked: Compliance, { hash, options, isOwn }: Setting): PasswordColumns {
  const now = clock.now()
  return {
    password_hash: hash,
    password_set_at: momentOf(now),
    password_expires_at: hash === null ? null : expiryOf(asked, { options, isOwn, now }),
    password_is_own: isOwn,
  }
}

function expiryOf(asked: Compliance, { options, isOwn, now }: Omit<Setting, 'hash'> & { readonly now: Date }): string | null {
  const mustChange = asked.changePasswordUponFirstUse && options['ignore_change_password_upon_first_use'] !== true
  if (mustChange && !isOwn) return momentOf(now)
  if (asked.passwordExpiresDays === undefined || options['ignore_password_expiry'] === true) return null
  return `${momentOf(new Date(now.getTime() + asked.passwordExpiresDays * dayMs)).slice(0, 19)}.000000`
}

/** Whether the user's password is right, but good only for choosing another one. */
export const isExpired = ({ options_json, password_expires_at }: UserRow, now: Date): boolean =>
  options_json['ignore_password_expiry'] !== true && hasPassed(password_expires_at, now)

/** Refuses a new password that is too simple; undefined is none, and null takes the user's away. keystone/common/validation/validators.py */
export function assertStrong({ passwordRegex, passwordRegexDescription }: Compliance, password: string | null | undefined): void {
  if (passwordRegex === undefined || password === undefined) return
  if (password === null) throw invalid('Password validation error: Password must be a string type.')
  if (new RegExp(passwordRegex, 'y').test(password)) return
  throw invalid(`The password does not match the requirements: ${passwordRegexDescription ?? 'None'}.`)
}

/** Refuses when the user may not choose a password himself, or not yet. */
export function assertMayChange({ minimumPasswordAge }: Compliance, user: UserRow, now: Date): void {
  if (user.options_json['lock_password'] === true)
    throw invalid(
      'You cannot change your password at this time due to password policy disallowing password changes. Please contact your administrator to reset your password.',
    )
  if (!user.password_is_own || user.password_set_at === null) return
  const leftMs = Date.parse(`${user.password_set_at.slice(0, 23)}Z`) + minimumPasswordAge * dayMs - now.getTime()
  if (leftMs <= 0) return
  throw invalid(
    `You cannot change your password at this time due to the minimum password age. Once you change your password, it must be used for ${minimumPasswordAge} day(s) before it can be changed. Please try again in ${Math.floor(leftMs / dayMs)} day(s) or contact your administrator to reset your password.`,
  )
}

/** Refuses a password that is one of the user's last. Hashes, so it is for before a transaction. */
export async function assertUnlikeLast(db: Db, asked: Compliance, user: UserRow, password: string): Promise<void> {
  const { uniqueLastPasswordCount: count } = asked
  if (count === 0) return
  for (const hash of [user.password_hash, ...(await pastPasswords(db, user.id, count - 1))])
    if (await verifyPassword(password, hash))
      throw invalid(
        `The new password cannot be identical to a previous password. The total number which includes the new password must be unique is ${count}.`,
      )
}

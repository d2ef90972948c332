/** What a cloud asks of passwords and accounts, by keystone's own names. Nothing unless its operator says so. */
export interface Compliance {
  /** So many wrong passwords in a row lock an account. */
  readonly lockoutFailureAttempts?: number | undefined
  /** How long after the last of them it is open again, in seconds. */
  readonly lockoutDuration: number
  /** How many of his last passwords, the one he has included, a user may not choose again. */
  readonly uniqueLastPasswordCount: number
  /** Days for which a user must keep a password that he chose. */
  readonly minimumPasswordAge: number
  /** Days after which a new password must be changed. */
  readonly passwordExpiresDays?: number | undefined
  /** What a new password must match, from its first character on. */
  readonly passwordRegex?: string | undefined
  /** That in words, for who is refused. */
  readonly passwordRegexDescription?: string | undefined
  /** Whether a password that an administrator set must be changed before it is good for anything. */
  readonly changePasswordUponFirstUse: boolean
  /** Days without a login by password after which an account is disabled. */
  readonly disableUserAccountDaysInactive?: number | undefined
}

/** What holds where nobody said anything, as in keystone. */
export const nothingAsked: Compliance = {
  lockoutDuration: 1800,
  uniqueLastPasswordCount: 0,
  minimumPasswordAge: 0,
  changePasswordUponFirstUse: false,
}

export const dayMs = 24 * 3600_000

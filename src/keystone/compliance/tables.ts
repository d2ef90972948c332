import type { ColumnType } from 'kysely'

interface PastPasswordsTable {
  user_id: string
  /** The last epoch of the user with this password. */
  token_epoch: number
  password_hash: string
}

interface FailedLoginsTable {
  user_id: string
  number: number
  /** Names the try, so that a request which is sent again counts once. */
  attempt: string
  failed_at: ColumnType<Date, any, never>
}

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_past_passwords: PastPasswordsTable
    keystone_failed_logins: FailedLoginsTable
  }
}

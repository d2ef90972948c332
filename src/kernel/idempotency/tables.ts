import type { ColumnType } from 'kysely'

interface IdempotencyKeysTable {
  /** A keyed digest of user and key, hexadecimal. */
  id: string
  fingerprint: string
  /** The sealed answer; null while the first attempt's transaction runs. */
  answer: Buffer | null
  created_at: ColumnType<Date, Date, never>
}

declare module '../sql/tables.ts' {
  interface Tables {
    kernel_idempotency_keys: IdempotencyKeysTable
  }
}

import type { ColumnType } from 'kysely'

interface AddressHoldersTable {
  /** A controller on a machine that has the cloud's address just now. */
  controller: string
  seen_at: ColumnType<Date, unknown, unknown>
}

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    kernel_address_holders: AddressHoldersTable
  }
}

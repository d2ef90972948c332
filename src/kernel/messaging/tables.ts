import type { ColumnType } from 'kysely'
import type { Json } from '../sql/tables.ts'

interface KeptMessagesTable {
  mailbox: string
  /** The sender's; a repeat within a mailbox is the same message. */
  id: string
  body_json: Json<unknown>
  created_at: ColumnType<Date, Date, never>
}

declare module '../sql/tables.ts' {
  interface Tables {
    kernel_kept_messages: KeptMessagesTable
  }
}

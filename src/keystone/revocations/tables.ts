interface RevocationEventsTable {
  id: string
  /** Which tokens: its name in the event, such as `user_id`. */
  field: string
  value: string
  /** A moment as `moments.ts` writes it. */
  revoked_at: string
}

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_revocation_events: RevocationEventsTable
  }
}

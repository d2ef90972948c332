interface UsedPasscodesTable {
  user_id: string
  /** Which half minute the passcode is of. */
  step: number
  passcode: string
  /** Names the request: one that is sent again uses it once. */
  request_key: string
}

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_used_passcodes: UsedPasscodesTable
  }
}

import type { Selectable } from 'kysely'
import type { Json } from '../../kernel/sql/tables.ts'

interface ConsumersTable {
  id: string
  description: string | null
  sealed_secret: Buffer
  extra_json: Json<Record<string, unknown>>
}

interface RequestsTable {
  id: string
  consumer_id: string
  project_id: string
  sealed_secret: Buffer
  /** Who allowed it; null until somebody has. */
  user_id: string | null
  sealed_verifier: Buffer | null
  role_ids_json: Json<string[]>
  /** A moment as `moments.ts` writes it. */
  expires_at: string
}

interface AccessTokensTable {
  id: string
  consumer_id: string
  project_id: string
  sealed_secret: Buffer
  user_id: string
  role_ids_json: Json<string[]>
  expires_at: string
}

export type ConsumerRow = Selectable<ConsumersTable>
export type OauthRequestRow = Selectable<RequestsTable>
export type AccessTokenRow = Selectable<AccessTokensTable>

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_oauth_consumers: ConsumersTable
    keystone_oauth_requests: RequestsTable
    keystone_oauth_access_tokens: AccessTokensTable
  }
}

import type { Selectable } from 'kysely'
import type { Json } from '../../kernel/sql/tables.ts'

export type RecordKind = 'identity_provider' | 'mapping' | 'protocol' | 'service_provider'

interface RecordsTable {
  kind: RecordKind
  /** The identity provider of a protocol; '' for all others. */
  parent_id: string
  id: string
  fields_json: Json<Record<string, unknown>>
}

interface RemoteIdsTable {
  remote_id: string
  provider_id: string
}

export type FederationRow = Selectable<RecordsTable>

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_federation_records: RecordsTable
    keystone_federation_remote_ids: RemoteIdsTable
  }
}

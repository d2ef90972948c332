import './tables.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { Interface } from './tables.ts'

export interface CatalogRow {
  readonly service_id: string
  readonly service_name: string | null
  readonly type: string
  readonly endpoint_id: string | null
  readonly interface: Interface | null
  readonly region_id: string | null
  readonly url: string | null
}

/** Every enabled service with each of its enabled endpoints. */
export const catalogRows = (db: Db): Promise<CatalogRow[]> =>
  db
    .selectFrom('keystone_services as s')
    .leftJoin('keystone_endpoints as e', (join) => join.onRef('e.service_id', '=', 's.id').on('e.enabled', '=', true))
    .where('s.enabled', '=', true)
    .select(['s.id as service_id', 's.name as service_name', 's.type', 'e.id as endpoint_id', 'e.interface', 'e.region_id', 'e.url'])
    .orderBy('s.type')
    .orderBy('s.id')
    .orderBy('e.id')
    .execute()

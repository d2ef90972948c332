import '../tables.ts'
import type { Db } from '../../kernel/sql/tables.ts'

export interface NameRow {
  readonly id: string
  readonly name: string
  readonly domain_id: string
}

type Named = 'keystone_users' | 'keystone_groups' | 'keystone_projects' | 'keystone_roles'

/** The names behind ids of one kind; ids of another kind are passed over. */
export async function namesOfIds(db: Db, table: Named, ids: readonly string[]): Promise<NameRow[]> {
  const wanted = [...new Set(ids)].filter((id) => id !== '')
  if (wanted.length === 0) return []
  return db.selectFrom(table).select(['id', 'name', 'domain_id']).where('id', 'in', wanted).execute()
}

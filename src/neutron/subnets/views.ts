import { tagsOf } from '../tags/store.ts'
import { subnetView } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'

/** The views of some subnets, in one query. */
export async function subnetViews(db: Db, rows: readonly SubnetRow[]) {
  const tags = await tagsOf(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => subnetView(row, tags.get(row.id) ?? []))
}

import type { Db } from '../../kernel/sql/tables.ts'
import { rulesOfGroups } from '../security-group-rules/store.ts'
import { tagsOf } from '../tags/store.ts'
import type { SecurityGroupRow } from '../routing-tables.ts'
import { groupView } from './view.ts'

/** Groups as clients see them. Two queries for any number. */
export async function groupViews(db: Db, rows: readonly SecurityGroupRow[]): Promise<object[]> {
  const ids = rows.map((row) => row.id)
  const [rules, tags] = [await rulesOfGroups(db, ids), await tagsOf(db, ids)]
  return rows.map((row) => groupView(row, rules.get(row.id) ?? [], tags.get(row.id) ?? []))
}

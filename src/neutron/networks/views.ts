import { tagsOf } from '../tags/store.ts'
import { subnetIdsOf } from './store.ts'
import { networkView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow } from '../tables.ts'

/** The views of some networks, in two queries. */
export async function networkViews(ctx: CloudContext, db: Db, rows: readonly NetworkRow[]) {
  const ids = rows.map((row) => row.id)
  const [subnets, tags] = await Promise.all([subnetIdsOf(db, ids), tagsOf(db, ids)])
  const provider = ctx.policy.allows(ctx.subject, 'get_network:provider', {})
  return rows.map((row) => networkView(row, { subnets: subnets.get(row.id) ?? [], tags: tags.get(row.id) ?? [], provider }))
}

import { allocationsOfPorts } from '../ipam/store.ts'
import { groupsOfPorts } from '../security-groups/bindings.ts'
import { tagsOf } from '../tags/store.ts'
import { portView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { PortRow } from '../tables.ts'

/** The views of some ports, in three queries. */
export async function portViews(ctx: CloudContext, db: Db, rows: readonly PortRow[]) {
  const ids = rows.map((row) => row.id)
  const [addresses, groups, tags] = await Promise.all([allocationsOfPorts(db, ids), groupsOfPorts(db, ids), tagsOf(db, ids)])
  const binding = ctx.policy.allows(ctx.subject, 'get_port:binding', {})
  return rows.map((row) =>
    portView(row, {
      addresses: addresses.get(row.id) ?? [],
      groupIds: (groups.get(row.id) ?? []).map((group) => group.id),
      tags: tags.get(row.id) ?? [],
      binding,
    }),
  )
}

import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { assertRevision } from '../revision.ts'
import { deleteRulesAround } from '../security-group-rules/store.ts'
import { deleteTagsOf } from '../tags/store.ts'
import type { SecurityGroupRow } from '../routing-tables.ts'
import { changeGroup, deleteGroupRow, guardsPorts } from './store.ts'
import { noGroup, visibleGroup } from './visible.ts'

/** Deletes a group and every rule that is its own or speaks of it. Refuses while it guards ports. */
export async function deleteGroup(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const group = await visibleGroup(ctx, tx, id)
  assertRevision(ctx, group)
  if (await guardsPorts(tx, id)) throw conflict(`Security Group ${id} in use.`, { type: 'SecurityGroupInUse' })
  if (group.default_of !== null && !isAdmin(ctx.subject)) {
    throw conflict('Insufficient rights for removing default security group.', { type: 'SecurityGroupCannotRemoveDefault' })
  }
  await dropGroup(ctx, tx, group)
}

/** Deletes a group without asking whether that is allowed. */
export async function dropGroup(ctx: Context, tx: Tx, group: SecurityGroupRow): Promise<void> {
  if (!(await changeGroup(ctx, tx, group.id))) throw noGroup(group.id)
  // Quotas are always taken and given back in this order, so that no two transactions wait for each other.
  await releaseQuota(ctx, tx, { projectId: group.project_id, resource: 'security_group' })
  for (const [projectId, amount] of await deleteRulesAround(tx, group.id)) {
    await releaseQuota(ctx, tx, { projectId, resource: 'security_group_rule', amount })
  }
  await deleteTagsOf(tx, [group.id])
  await deleteGroupRow(tx, group.id)
}

import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { notFound, type Fault } from '../../kernel/errors.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { releaseQuota } from '../quotas/charge.ts'
import type { SecurityGroupRuleRow } from '../routing-tables.ts'
import { changeGroup, groupById } from '../security-groups/store.ts'
import { deleteRuleRow, ruleById } from './store.ts'

export const noRule = (id: string): Fault => notFound(`Security group rule ${id} does not exist`, { type: 'SecurityGroupRuleNotFound' })

/** The rule, if it or its group is the asker's; else SecurityGroupRuleNotFound. */
export async function visibleRule(ctx: CloudContext, db: Db, id: string): Promise<SecurityGroupRuleRow> {
  const rule = await ruleById(db, id)
  if (!rule) throw noRule(id)
  if (isAdmin(ctx.subject) || rule.project_id === projectOf(ctx)) return rule
  if ((await groupById(db, rule.security_group_id))?.project_id === projectOf(ctx)) return rule
  throw noRule(id)
}

/** Takes a rule out of its group. */
export async function deleteRule(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const rule = await visibleRule(ctx, tx, id)
  await changeGroup(ctx, tx, rule.security_group_id)
  if (!(await deleteRuleRow(tx, id))) throw noRule(id)
  await releaseQuota(ctx, tx, { projectId: rule.project_id, resource: 'security_group_rule' })
}

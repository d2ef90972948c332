import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { countUse } from '../quotas/charge.ts'
import { addDefaultRules } from '../security-group-rules/defaults.ts'
import { defaultGroupId, newGroup } from './store.ts'

/**
 * The project's group `default`, which lets its members talk to each other and out; made on first need. Exactly one,
 * however many ask at once: its key is the project. It costs no quota that could refuse it.
 */
export async function defaultGroup(ctx: Context, tx: Tx, projectId: string): Promise<string> {
  const known = await defaultGroupId(tx, projectId)
  if (known) return known
  const group = newGroup(ctx, { projectId, name: 'default', description: 'Default security group', stateful: true, defaultOf: projectId })
  if (!(await ctx.dialect.insertIfAbsent(tx, 'neutron_security_groups', group))) return theirs(tx, projectId)
  const ruleCount = await addDefaultRules(ctx, tx, { groupId: group.id, projectId, amongMembers: true })
  await countUse(ctx, tx, { projectId, resource: 'security_group' })
  await countUse(ctx, tx, { projectId, resource: 'security_group_rule', amount: ruleCount })
  return group.id
}

async function theirs(db: Db, projectId: string): Promise<string> {
  const id = await defaultGroupId(db, projectId)
  if (!id) throw Object.assign(new Error('the default group was made and deleted meanwhile'), { code: '40001' })
  return id
}

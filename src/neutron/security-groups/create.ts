import { conflict } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { addDefaultRules } from '../security-group-rules/defaults.ts'
import { defaultGroup } from './default-group.ts'
import { insertGroup, newGroup, type NewGroup } from './store.ts'

/** Makes a group that lets everything out and nothing in. Returns its id. */
export async function createGroup(ctx: Context, tx: Tx, wanted: Omit<NewGroup, 'defaultOf'>): Promise<string> {
  refuseDefault(wanted.name)
  const { projectId } = wanted
  await defaultGroup(ctx, tx, projectId)
  await chargeQuota(ctx, tx, { projectId, resource: 'security_group' })
  const group = newGroup(ctx, wanted)
  await insertGroup(tx, group)
  const ruleCount = await addDefaultRules(ctx, tx, { groupId: group.id, projectId, amongMembers: false })
  await chargeQuota(ctx, tx, { projectId, resource: 'security_group_rule', amount: ruleCount })
  return group.id
}

/** A project has one group of that name, and makes it by itself. */
export function refuseDefault(name: string): void {
  if (name === 'default') throw conflict('Default security group already exists.', { type: 'SecurityGroupDefaultAlreadyExists' })
}

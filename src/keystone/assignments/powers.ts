import { notAuthorized } from '../../cloud/policy.ts'
import { forbidden } from '../../kernel/errors.ts'
import { groupsOfUser } from '../groups/store.ts'
import { rolesAnywhere, type HeldRole } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ActorType } from '../tables.ts'

/** Whether he gives and takes this role there: an admin every one, an admin on the domain every one inside of it, its manager those up to his own. */
function mayGive({ policy, subject }: CloudContext, { role_name, domain_id, target_type }: HeldRole): boolean {
  if (policy.allows(subject, 'admin_required', {})) return true
  if (target_type === 'system' && !policy.allows(subject, 'identity:create_system_grant_for_user', {})) return false
  return policy.allows(subject, 'domain_admin', { domain_id }) || policy.allows(subject, 'domain_managed_target_role', { role_name })
}

/** Refuses, as what the rule guards, who would give or take a role that is not his to give. */
export function assertMayGive(ctx: CloudContext, rule: string, held: HeldRole): void {
  if (!mayGive(ctx, held)) throw forbidden(notAuthorized(rule), { type: 'policy' })
}

/**
 * Refuses, as what the rule guards, who would get or take away by way of a user or a group what he could not give: a new password of an admin, a place
 * in the group of the admins.
 */
export async function assertMayRule(ctx: CloudContext, db: Db, rule: string, { id, type }: { id: string; type: ActorType }): Promise<void> {
  if (ctx.policy.allows(ctx.subject, 'admin_required', {})) return
  const groups = type === 'user' ? await groupsOfUser(db, id, {}) : []
  for (const held of await rolesAnywhere(db, [id, ...groups.map((group) => group.id)])) assertMayGive(ctx, rule, held)
}

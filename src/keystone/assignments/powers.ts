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

/** Whether he could give all that the user or group may do; so he gets at nothing by a new password, a credential, a place in the group. */
export async function mayRule(ctx: CloudContext, db: Db, { id, type }: { id: string; type: ActorType }): Promise<boolean> {
  if (ctx.policy.allows(ctx.subject, 'admin_required', {})) return true
  const groups = type === 'user' ? await groupsOfUser(db, id, {}) : []
  const roles = await rolesAnywhere(db, [id, ...groups.map((group) => group.id)])
  return roles.every((held) => mayGive(ctx, held))
}

/** Refuses, as what the rule guards, who may not rule this user or group. */
export async function assertMayRule(ctx: CloudContext, db: Db, rule: string, actor: { id: string; type: ActorType }): Promise<void> {
  if (!(await mayRule(ctx, db, actor))) throw forbidden(notAuthorized(rule), { type: 'policy' })
}

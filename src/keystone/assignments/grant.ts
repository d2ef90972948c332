import { enforce } from '../../cloud/policy.ts'
import { forbidden, notFound } from '../../kernel/errors.ts'
import { groupById } from '../groups/store.ts'
import { changed } from '../memory.ts'
import { projectRow } from '../projects/store.ts'
import { found } from '../refusals.ts'
import { roleById } from '../roles/store.ts'
import { userById } from '../users/store.ts'
import { systemId } from '../tables.ts'
import { assertMayGive } from './powers.ts'
import { grant, listAssignments, revoke, type Holding } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { RoleRow } from '../tables.ts'

/** Refuses unless the rule allows it for this actor and this target; both must be there. Answers with the target's domain, which the system has not. */
export async function assertHolding(
  ctx: CloudContext,
  db: Db,
  rule: string,
  { actor_id, actor_type, target_id, target_type }: Holding,
): Promise<string | undefined> {
  const actor = actor_type === 'user' ? await userById(db, actor_id) : await groupById(db, actor_id)
  const target = target_type === 'system' ? { id: systemId, domain_id: undefined, is_domain: false } : await projectRow(db, target_id)
  const targetDomain = target && (target.is_domain ? target.id : target.domain_id)
  // A domain's token reaches only actors and targets that are both inside of it.
  enforce(ctx, rule, { domain_id: actor && actor.domain_id === targetDomain ? targetDomain : undefined })
  found(actor, actor_type, actor_id)
  found(
    target && (target_type === 'system' || target.is_domain === (target_type === 'domain')) ? target : undefined,
    target_type,
    target_id,
  )
  return targetDomain
}

/** Gives a role. */
export async function giveRole(ctx: CloudContext, tx: Tx, rule: string, holding: Holding, roleId: string): Promise<void> {
  const domain_id = await assertHolding(ctx, tx, rule, holding)
  const role = found(await roleById(tx, roleId), 'role', roleId)
  assertMayGive(ctx, rule, { role_name: role.name, target_type: holding.target_type, domain_id })
  if (role.domain_id !== '') await assertSameDomain(tx, role, holding)
  await grant(ctx, tx, { ...holding, role_id: role.id })
  changed(ctx, tx)
}

/** Takes a role back; tokens lose it at once. */
export async function takeRole(ctx: CloudContext, tx: Tx, rule: string, holding: Holding, roleId: string): Promise<void> {
  const domain_id = await assertHolding(ctx, tx, rule, holding)
  const role = found(await roleById(tx, roleId), 'role', roleId)
  assertMayGive(ctx, rule, { role_name: role.name, target_type: holding.target_type, domain_id })
  if (!(await revoke(tx, { ...holding, role_id: role.id }))) throw notGiven(holding, role.id)
  changed(ctx, tx)
}

/** Refuses unless the role was given there. */
export async function checkRole(ctx: CloudContext, db: Db, rule: string, holding: Holding, roleId: string): Promise<void> {
  await assertHolding(ctx, db, rule, holding)
  found(await roleById(db, roleId), 'role', roleId)
  const given = await listAssignments(db, {
    actorIds: [holding.actor_id],
    targetIds: [holding.target_id],
    roleId,
    inherited: holding.inherited,
  })
  if (given.length === 0) throw notGiven(holding, roleId)
}

const notGiven = ({ actor_id, target_id }: Holding, roleId: string) =>
  notFound(`Could not find role assignment with role: ${roleId}, user or group: ${actor_id}, project, domain, or system: ${target_id}.`)

async function assertSameDomain(db: Db, role: RoleRow, { target_id, target_type }: Holding): Promise<void> {
  const target = await projectRow(db, target_id)
  if (target_type === 'project' && target?.domain_id === role.domain_id) return
  if (target_type === 'domain' && target_id === role.domain_id) return
  throw forbidden(`Project ${target_id} must be in the same domain as the role ${role.id} being assigned.`)
}

import '../tables.ts'
import { equalTo } from '../lists.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { AssignmentRow, RoleRow, TargetType } from '../tables.ts'

/** Who has a role where, before it is known which role. */
export type Holding = Omit<AssignmentRow, 'role_id'>

/** Gives a role; giving it again changes nothing. */
export const grant = (ctx: Context, tx: Tx, assignment: AssignmentRow): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_assignments', { ...assignment })

/** Takes a role back. False: it was not given. */
export async function revoke(tx: Tx, { actor_id, target_id, role_id, inherited }: AssignmentRow): Promise<boolean> {
  const result = await tx
    .deleteFrom('keystone_assignments')
    .where('actor_id', '=', actor_id)
    .where('target_id', '=', target_id)
    .where('role_id', '=', role_id)
    .where('inherited', '=', inherited)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

/** The roles that were given to this actor on this very target. */
export const rolesGiven = (db: Db, { actor_id, target_id, inherited }: Holding): Promise<RoleRow[]> =>
  db
    .selectFrom('keystone_assignments as a')
    .innerJoin('keystone_roles as r', 'r.id', 'a.role_id')
    .selectAll('r')
    .where('a.actor_id', '=', actor_id)
    .where('a.target_id', '=', target_id)
    .where('a.inherited', '=', inherited)
    .orderBy('r.id')
    .execute()

/** A role that somebody has somewhere, as far as it matters for who may give it. */
export interface HeldRole {
  readonly role_name: string
  readonly target_type: TargetType
  /** The domain that the place is, or is in; absent for the system. */
  readonly domain_id?: string | undefined
}

/** The roles that these users and groups were given, wherever that was. */
export async function rolesAnywhere(db: Db, actorIds: readonly string[]): Promise<HeldRole[]> {
  const rows = await db
    .selectFrom('keystone_assignments as a')
    .innerJoin('keystone_roles as r', 'r.id', 'a.role_id')
    .leftJoin('keystone_projects as p', 'p.id', 'a.target_id')
    .select(['r.name as role_name', 'a.target_type', 'p.id', 'p.domain_id', 'p.is_domain'])
    .where('a.actor_id', 'in', actorIds)
    .execute()
  return rows.map(({ role_name, target_type, id, domain_id, is_domain }) => ({
    ...{ role_name, target_type },
    domain_id: (is_domain ? id : domain_id) ?? undefined,
  }))
}

export interface AssignmentFilters {
  readonly actorIds?: readonly string[]
  readonly targetIds?: readonly string[]
  readonly roleId?: string
  readonly inherited?: boolean
}

/** Assignments as they were given, in a steady order. */
export async function listAssignments(db: Db, { actorIds, targetIds, roleId, inherited }: AssignmentFilters): Promise<AssignmentRow[]> {
  if (actorIds?.length === 0 || targetIds?.length === 0) return []
  let query = equalTo(db.selectFrom('keystone_assignments').selectAll(), { role_id: roleId, inherited })
  if (actorIds) query = query.where('actor_id', 'in', actorIds)
  if (targetIds) query = query.where('target_id', 'in', targetIds)
  return query.orderBy('actor_id').orderBy('target_id').orderBy('role_id').orderBy('inherited').execute()
}

/** Projects and domains in which a user has any role, by himself or by a group, on the place itself or from above. */
export async function targetsOf(db: Db, userId: string): Promise<string[]> {
  const actors = db
    .selectFrom('keystone_users')
    .select('id')
    .where('id', '=', userId)
    .unionAll(db.selectFrom('keystone_memberships').select('group_id as id').where('user_id', '=', userId))
  const direct = db
    .selectFrom(actors.as('actor'))
    .innerJoin('keystone_assignments as a', 'a.actor_id', 'actor.id')
    .select('a.target_id as id')
    .where('a.inherited', '=', false)
  const inherited = db
    .selectFrom(actors.as('actor'))
    .innerJoin('keystone_assignments as a', 'a.actor_id', 'actor.id')
    .innerJoin('keystone_project_ancestors as above', 'above.ancestor_id', 'a.target_id')
    .select('above.project_id as id')
    .where('a.inherited', '=', true)
  return (await direct.union(inherited).execute()).map((row) => row.id)
}

import { invalid } from '../../kernel/errors.ts'
import { groupsOfUser, membersOf } from '../groups/store.ts'
import { ancestorsOf, descendantsOf, listProjects } from '../projects/store.ts'
import { allImplications, allRoles } from '../roles/store.ts'
import { systemId, type AssignmentRow } from '../tables.ts'
import { effectiveOf, type Effective } from './effective.ts'
import { listAssignments } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** What a client asks for in `GET /v3/role_assignments`. */
export interface AssignmentQuery {
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
  readonly roleId?: string | undefined
  readonly projectId?: string | undefined
  readonly domainId?: string | undefined
  readonly system: boolean
  readonly inherited: boolean
  readonly effective: boolean
  readonly includeSubtree: boolean
  /** Only targets inside of this domain. */
  readonly withinDomain?: string | undefined
}

/** Refuses combinations that mean nothing, in keystone's words. */
export function assertSensible(query: AssignmentQuery): void {
  const { userId, groupId, projectId, domainId, system, inherited, effective, includeSubtree } = query
  if (userId && groupId) throw invalid('Specify a user or group, not both')
  if (projectId && domainId) throw invalid('Specify a domain or project, not both')
  if (system && (projectId || domainId)) throw invalid('Specify system or a domain or project, not both')
  if (effective && groupId) throw invalid('Combining effective and group filter will always result in an empty list.')
  if (effective && inherited && domainId)
    throw invalid('Combining effective, domain and inherited filters will always result in an empty list.')
  if (includeSubtree && !projectId) throw invalid('scope.project.id must be specified if include_subtree is also specified')
}

/** Assignments as they were given. */
export async function givenAssignments(db: Db, query: AssignmentQuery): Promise<AssignmentRow[]> {
  const actor = query.userId ?? query.groupId
  const targetIds = await targetsOf(db, query)
  return listAssignments(db, {
    ...(actor !== undefined && { actorIds: [actor] }),
    ...(targetIds && { targetIds }),
    ...(query.roleId !== undefined && { roleId: query.roleId }),
    ...(query.inherited && { inherited: true }),
  })
}

/** What assignments come to for users: what tokens would say. */
export async function effectiveAssignments(db: Db, query: AssignmentQuery): Promise<Effective[]> {
  const places = await targetsOf(db, query)
  const actorIds =
    query.userId === undefined ? undefined : [query.userId, ...(await groupsOfUser(db, query.userId, {})).map((group) => group.id)]
  const origins = places && [...places, ...(await Promise.all(places.map((id) => ancestorsOf(db, id)))).flat().map((row) => row.id)]
  const rows = await listAssignments(db, {
    ...(actorIds && { actorIds }),
    ...(origins && { targetIds: [...new Set(origins)] }),
    ...(query.inherited && { inherited: true }),
  })
  const groupIds = rows.filter((row) => row.actor_type === 'group').map((row) => row.actor_id)
  const tops = [...new Set(rows.filter((row) => row.inherited).map((row) => row.target_id))]
  const below = new Map(await Promise.all(tops.map(async (id) => [id, (await descendantsOf(db, id)).map((row) => row.id)] as const)))
  const roles = await allRoles(db)
  const globalRoles = new Set(roles.filter((role) => role.domain_id === '').map((role) => role.id))
  const all = effectiveOf(rows, { members: await membersOf(db, groupIds), below, implications: await allImplications(db), globalRoles })
  return all.filter(
    (one) =>
      (!query.userId || one.userId === query.userId) &&
      (!query.roleId || one.roleId === query.roleId) &&
      (!places || places.includes(one.targetId)),
  )
}

/** The places that the query limits itself to; undefined for all of them. */
async function targetsOf(
  db: Db,
  { projectId, domainId, system, includeSubtree, withinDomain }: AssignmentQuery,
): Promise<string[] | undefined> {
  const inside =
    withinDomain === undefined
      ? undefined
      : [withinDomain, ...(await listProjects(db, { is_domain: false, domain_id: withinDomain })).map((row) => row.id)]
  const wanted = system ? [systemId] : (domainId ?? projectId) === undefined ? undefined : [(domainId ?? projectId)!]
  if (wanted && includeSubtree) wanted.push(...(await descendantsOf(db, wanted[0]!)).map((row) => row.id))
  if (!wanted || !inside) return wanted ?? inside
  return wanted.filter((id) => inside.includes(id))
}

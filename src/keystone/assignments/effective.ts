import type { AssignmentRow } from '../tables.ts'
import type { Implication } from '../roles/store.ts'

/** What an assignment comes to: one user, one place, one role; and where it comes from. */
export interface Effective {
  readonly userId: string
  readonly targetId: string
  readonly targetType: AssignmentRow['target_type']
  readonly roleId: string
  readonly origin: AssignmentRow
}

/** What is needed to know what assignments come to. */
export interface Expansion {
  readonly members: ReadonlyMap<string, readonly string[]>
  /** The projects below each target of an inherited assignment. */
  readonly below: ReadonlyMap<string, readonly string[]>
  readonly implications: readonly Implication[]
  /** Roles that a token can name: those of no domain. */
  readonly globalRoles: ReadonlySet<string>
}

/** A role with all that it implies. */
export function closureOf(roleId: string, implications: readonly Implication[]): string[] {
  const closure = new Set([roleId])
  for (const role of closure) for (const one of implications) if (one.prior_role_id === role) closure.add(one.implied_role_id)
  return [...closure]
}

/** Every assignment spelled out: groups as their members, inheritance as the projects below, roles with what they imply. */
export function effectiveOf(assignments: readonly AssignmentRow[], { members, below, implications, globalRoles }: Expansion): Effective[] {
  const effective = new Map<string, Effective>()
  for (const origin of assignments) {
    const userIds = origin.actor_type === 'user' ? [origin.actor_id] : (members.get(origin.actor_id) ?? [])
    const targets = origin.inherited ? (below.get(origin.target_id) ?? []) : [origin.target_id]
    const roleIds = closureOf(origin.role_id, implications).filter((id) => globalRoles.has(id))
    for (const userId of userIds) {
      for (const targetId of targets) {
        for (const roleId of roleIds) {
          const key = `${userId} ${targetId} ${roleId}`
          if (!effective.has(key))
            effective.set(key, { userId, targetId, targetType: origin.inherited ? 'project' : origin.target_type, roleId, origin })
        }
      }
    }
  }
  return [...effective.values()]
}

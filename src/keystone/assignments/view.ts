import { link } from '../lists.ts'
import { refOf, type Names } from './names.ts'
import type { Effective } from './effective.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { AssignmentRow } from '../tables.ts'

/** An assignment as it was given. */
export const assignmentView = (ctx: RequestContext, names: Names | undefined) => (row: AssignmentRow) => ({
  links: { assignment: assignmentLink(ctx, row) },
  scope: {
    ...scopeView(row.target_type, row.target_id, names),
    ...(row.inherited && { 'OS-INHERIT:inherited_to': 'projects' }),
  },
  [row.actor_type]: refOf(names, row.actor_id),
  role: refOf(names, row.role_id),
})

/** What assignments come to, with links to what it comes from. */
export const effectiveView = (ctx: RequestContext, names: Names | undefined) => (one: Effective) => ({
  links: {
    assignment: assignmentLink(ctx, one.origin),
    ...(one.origin.actor_type === 'group' && { membership: `${link(ctx, 'groups', one.origin.actor_id).self}/users/${one.userId}` }),
    ...(one.origin.role_id !== one.roleId && { prior_role: link(ctx, 'roles', one.origin.role_id).self }),
  },
  scope: scopeView(one.targetType, one.targetId, names),
  user: refOf(names, one.userId),
  role: refOf(names, one.roleId),
})

const scopeView = (type: AssignmentRow['target_type'], id: string, names: Names | undefined) =>
  type === 'system' ? { system: { all: true } } : { [type]: refOf(names, id) }

function assignmentLink(ctx: RequestContext, row: AssignmentRow): string {
  const at = row.target_type === 'system' ? 'system' : `${row.target_type}s/${row.target_id}`
  const path = `${at}/${row.actor_type}s/${row.actor_id}/roles/${row.role_id}`
  return `${ctx.request.baseUrl}/v3/${row.inherited ? `OS-INHERIT/${path}/inherited_to_projects` : path}`
}

import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { selfLink } from '../lists.ts'
import { projectRow } from '../projects/store.ts'
import { assertSensible, effectiveAssignments, givenAssignments, type AssignmentQuery } from './list.ts'
import { namesFor } from './names.ts'
import { assignmentView, effectiveView } from './view.ts'
import type { Target } from '../../cloud/check-string.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'

export const assignments = [
  route('GET /v3/role_assignments', {
    rule: 'identity:list_role_assignments',
    run: async (ctx, db) => {
      const query = queryOf(ctx)
      assertSensible(query)
      if (query.includeSubtree) enforce(ctx, 'identity:list_role_assignments_for_tree', await treeOf(db, query.projectId!))
      const wantsNames = isSet(ctx, 'include_names')
      const links = { next: null, self: selfLink(ctx), previous: null }
      if (query.effective) {
        const all = await effectiveAssignments(db, query)
        const names = wantsNames
          ? await namesFor(
              db,
              all.map((one) => ({ actor: one.userId, target: one.targetId, role: one.roleId })),
            )
          : undefined
        return ok({ role_assignments: all.map(effectiveView(ctx, names)), links })
      }
      const rows = await givenAssignments(db, query)
      const names = wantsNames
        ? await namesFor(
            db,
            rows.map((row) => ({ actor: row.actor_id, target: row.target_id, role: row.role_id })),
          )
        : undefined
      return ok({ role_assignments: rows.map(assignmentView(ctx, names)), links })
    },
  }),
]

async function treeOf(db: Db, projectId: string): Promise<Target> {
  const row = await projectRow(db, projectId)
  return { project_id: row?.id, domain_id: row?.domain_id || undefined }
}

// A flag counts as set even without a value; only 0 and false unset it. keystone/server/flask/common.py: query_filter_is_true
const isSet = (ctx: CloudContext, name: string): boolean =>
  ctx.request.search.has(name) && !/^(0|false)$/i.test(ctx.request.search.get(name)!)

function queryOf(ctx: CloudContext): AssignmentQuery {
  const value = (name: string) => ctx.request.search.get(name) ?? undefined
  return {
    userId: value('user.id'),
    groupId: value('group.id'),
    roleId: value('role.id'),
    projectId: value('scope.project.id'),
    domainId: value('scope.domain.id'),
    system: value('scope.system') !== undefined,
    inherited: value('scope.OS-INHERIT:inherited_to') === 'projects',
    effective: isSet(ctx, 'effective'),
    includeSubtree: isSet(ctx, 'include_subtree'),
    withinDomain: ctx.subject.domainId,
  }
}

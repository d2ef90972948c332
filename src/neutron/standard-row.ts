import type { Context } from '../kernel/context.ts'

/** The columns that every resource of neutron's routing has, for a new row. */
export function standardRow(
  ctx: Context,
  { projectId, description, revision = 0 }: { projectId: string; description: string | null; revision?: number },
) {
  const now = ctx.dialect.now()
  return { id: ctx.ids.uuid(), project_id: projectId, description, revision_number: revision, created_at: now, updated_at: now }
}

import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { RoleRow } from '../tables.ts'

export const roleView = (ctx: RequestContext) => (row: RoleRow) => ({
  ...row.extra_json,
  id: row.id,
  name: row.name,
  domain_id: row.domain_id === '' ? null : row.domain_id,
  description: row.description,
  options: row.options_json,
  links: link(ctx, 'roles', row.id),
})

/** A role inside of an inference. */
const brief = (ctx: RequestContext, row: RoleRow) => ({
  id: row.id,
  name: row.name,
  links: link(ctx, 'roles', row.id),
})

/** One role and what it brings with it: a role, or a list of them. */
export const inferenceView = (ctx: RequestContext, prior: RoleRow, implied: RoleRow | readonly RoleRow[]) => ({
  prior_role: brief(ctx, prior),
  implies: Array.isArray(implied) ? implied.map((row: RoleRow) => brief(ctx, row)) : brief(ctx, implied as RoleRow),
})

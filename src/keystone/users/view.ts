import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { UserRow } from '../tables.ts'

export const userView = (ctx: RequestContext) => (row: UserRow) => ({
  ...row.extra_json,
  id: row.id,
  name: row.name,
  domain_id: row.domain_id,
  enabled: row.enabled,
  ...(row.default_project_id !== null && { default_project_id: row.default_project_id }),
  password_expires_at: row.password_expires_at,
  options: row.options_json,
  links: link(ctx, 'users', row.id),
})

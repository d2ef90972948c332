import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { GroupRow } from '../tables.ts'

export const groupView = (ctx: RequestContext) => (row: GroupRow) => ({
  ...row.extra_json,
  id: row.id,
  name: row.name,
  domain_id: row.domain_id,
  description: row.description,
  links: link(ctx, 'groups', row.id),
})

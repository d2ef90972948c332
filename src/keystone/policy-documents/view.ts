import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { PolicyRow } from '../catalog/tables.ts'

export const policyView = (ctx: RequestContext) => (row: PolicyRow) => ({
  ...row.extra_json,
  id: row.id,
  type: row.type,
  blob: row.blob_json,
  links: link(ctx, 'policies', row.id),
})

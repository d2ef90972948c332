import type { RequestContext } from '../../kernel/http/route.ts'
import type { RegionRow } from '../catalog/tables.ts'

export const regionView = (ctx: RequestContext) => (row: RegionRow) => ({
  ...row.extra_json,
  id: row.id,
  description: row.description,
  parent_region_id: row.parent_region_id,
  // A region's id may hold any character.
  links: { self: `${ctx.request.baseUrl}/v3/regions/${encodeURIComponent(row.id)}` },
})

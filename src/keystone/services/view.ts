import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { ServiceRow } from '../catalog/tables.ts'

/** A service of the catalog; what was never given is left out, as keystone does. */
export const serviceView = (ctx: RequestContext) => (row: ServiceRow) => ({
  ...row.extra_json,
  ...(row.description !== null && { description: row.description }),
  ...(row.name !== null && { name: row.name }),
  id: row.id,
  type: row.type,
  enabled: row.enabled,
  links: link(ctx, 'services', row.id),
})

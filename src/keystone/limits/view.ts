import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { LimitRow, RegisteredLimitRow } from '../tables.ts'

export const registeredLimitView = (ctx: RequestContext) => (row: RegisteredLimitRow) => ({
  id: row.id,
  service_id: row.service_id,
  region_id: row.region_id || null,
  resource_name: row.resource_name,
  default_limit: row.default_limit,
  description: row.description,
  links: link(ctx, 'registered_limits', row.id),
})

export const limitView = (ctx: RequestContext) => (row: LimitRow) => ({
  id: row.id,
  project_id: row.of_domain ? null : row.owner_id,
  domain_id: row.of_domain ? row.owner_id : null,
  service_id: row.service_id,
  region_id: row.region_id || null,
  resource_name: row.resource_name,
  resource_limit: row.resource_limit,
  description: row.description,
  links: link(ctx, 'limits', row.id),
})

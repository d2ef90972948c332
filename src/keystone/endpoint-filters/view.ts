import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { EndpointGroupRow } from '../catalog/tables.ts'

export const endpointGroupView = (ctx: RequestContext) => (row: EndpointGroupRow) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  filters: row.filters_json,
  links: link(ctx, 'OS-EP-FILTER/endpoint_groups', row.id),
})

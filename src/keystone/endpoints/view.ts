import { endpointUrl } from '../catalog/render.ts'
import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { EndpointRow } from '../catalog/tables.ts'

/** An endpoint. Its address shows the cloud's own root as the client reached it; other templates stay as they were written. */
export const endpointView = (ctx: RequestContext) => (row: EndpointRow) => ({
  ...row.extra_json,
  id: row.id,
  interface: row.interface,
  region_id: row.region_id,
  region: row.region_id,
  service_id: row.service_id,
  url:
    (row.url.startsWith('$(root_url)s') && endpointUrl(row.url, ctx.request, { userId: '$(user_id)s', projectId: '$(project_id)s' })) ||
    row.url,
  enabled: row.enabled,
  links: link(ctx, 'endpoints', row.id),
})

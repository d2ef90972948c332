import { services } from '../../topology/services.ts'
import { endpointsByProject } from '../endpoint-filters/associations-store.ts'
import { enabledServiceProviders } from '../federation/store.ts'
import { memoryOf } from '../memory.ts'
import { catalogRows, type CatalogRow } from './store.ts'
import type { RequestContext, RequestHead } from '../../kernel/http/route.ts'

/** The catalog before it is known who looks at it. */
export interface CatalogTemplate {
  readonly rows: readonly CatalogRow[]
  /** The endpoints of projects that see only some. */
  readonly visible: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether it differs from project to project. */
  readonly isPersonal: boolean
  /** Other clouds that tokens name, as JSON; undefined when there are none. */
  readonly serviceProviders: string | undefined
  /** What was rendered already, by the address that the client used. */
  readonly rendered: Map<string, string>
}

const maxRendered = 100

/** Whom a catalog is for. */
export interface Viewer {
  readonly userId: string
  readonly projectId?: string | undefined
}

/** The catalog as JSON, with addresses at the host that the client used. */
export async function catalogFor(ctx: RequestContext, viewer: Viewer): Promise<string> {
  const template = await templateOf(ctx)
  const visible = template.visible.get(viewer.projectId ?? '')
  if (visible)
    return render(
      template.rows.filter((row) => visible.has(row.endpoint_id ?? '')),
      ctx.request,
      viewer,
    )
  if (template.isPersonal) return render(template.rows, ctx.request, viewer)
  const key = ctx.request.baseUrl
  let text = template.rendered.get(key)
  if (text === undefined) {
    text = render(template.rows, ctx.request, viewer)
    if (template.rendered.size < maxRendered) template.rendered.set(key, text)
  }
  return text
}

/** The clouds that a user of this one may turn to, as JSON; undefined when there are none. */
export const serviceProvidersFor = async (ctx: RequestContext): Promise<string | undefined> => (await templateOf(ctx)).serviceProviders

const templateOf = (ctx: RequestContext): Promise<CatalogTemplate> =>
  memoryOf(ctx).catalog.get('', ctx.clock.monotonicMs(), async () => {
    const [rows, visible, providers] = [await catalogRows(ctx.db), await endpointsByProject(ctx.db), await enabledServiceProviders(ctx.db)]
    return {
      rows,
      visible,
      isPersonal: rows.some(({ url }) => url?.replaceAll('$(root_url)s', '').includes(')s')),
      serviceProviders: providers.length > 0 ? JSON.stringify(providers) : undefined,
      rendered: new Map(),
    }
  })

function render(rows: readonly CatalogRow[], request: RequestHead, viewer: Viewer): string {
  const entries = new Map<string, { endpoints: object[]; id: string; type: string; name: string }>()
  for (const row of rows) {
    let entry = entries.get(row.service_id)
    if (!entry) entries.set(row.service_id, (entry = { endpoints: [], id: row.service_id, type: row.type, name: row.service_name ?? '' }))
    const url = row.url === null ? undefined : endpointUrl(row.url, request, viewer)
    if (url !== undefined)
      entry.endpoints.push({ id: row.endpoint_id, interface: row.interface, region_id: row.region_id, url, region: row.region_id })
  }
  return JSON.stringify([...entries.values()])
}

/** An endpoint's address for this client; undefined when it needs something that the client's token lacks, such as a project. */
export function endpointUrl(template: string, request: Pick<RequestHead, 'rootUrl' | 'baseUrl'>, viewer: Viewer): string | undefined {
  const rooted = request.baseUrl === request.rootUrl ? nativeUrl(template, request.rootUrl) : template
  const values: Record<string, string | undefined> = {
    root_url: request.rootUrl,
    user_id: viewer.userId,
    project_id: viewer.projectId,
    tenant_id: viewer.projectId,
  }
  let complete = true
  const url = rooted.replace(/[$%]\((\w+)\)s/g, (_, name: string) => {
    const value = values[name]
    complete &&= value !== undefined
    return value ?? ''
  })
  return complete ? url : undefined
}

// Who came to keystone's own port finds the others at theirs, and not under a prefix.
function nativeUrl(template: string, rootUrl: string): string {
  for (const entry of services) {
    if (!('api' in entry) || !template.startsWith(`$(root_url)s${entry.api.prefix}`)) continue
    const url = new URL(rootUrl)
    url.port = String(entry.api.port)
    return url.origin + template.slice(`$(root_url)s${entry.api.prefix}`.length)
  }
  return template
}

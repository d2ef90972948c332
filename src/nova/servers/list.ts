import { invalid } from '../../kernel/errors.ts'
import { joinedReads } from '../../kernel/sql/joined-reads.ts'
import { nicsOf, type ServerNic } from '../../neutron/contract.ts'
import { hostStatuses } from './host-status.ts'
import { knownFragment, renderFragment, renderServer, viewerKey } from './rendered.ts'
import { findServers, markerOf, type FoundServer, type Marker } from './search-store.ts'
import { serversByIds } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { Search } from './search.ts'
import type { Viewer } from './view.ts'

/** One page of servers. Throws `invalid` for a marker that there is not. */
export async function pageOfServers(ctx: CloudContext, db: Db, search: Search): Promise<FoundServer[]> {
  const marker = search.marker === undefined ? undefined : await markerOf(db, search.marker, search.projectId)
  if (search.marker !== undefined && !marker) throw invalid(`marker [${search.marker}] not found`)
  return Object.keys(search.addresses).length > 0 ? pageByAddress(ctx, db, search, marker) : findServers(ctx, db, search, marker)
}

/** How many servers are looked through at once for those with a fitting address. */
const chunkSize = 1000

// Addresses are neutron's: servers are searched page by page for those that have a fitting one.
async function pageByAddress(ctx: CloudContext, db: Db, search: Search, first: Marker | undefined): Promise<FoundServer[]> {
  const found: FoundServer[] = []
  for (let marker = first; found.length < search.limit;) {
    const chunk = await findServers(ctx, db, { ...search, limit: chunkSize }, marker)
    const nics = await nicsOf(
      db,
      chunk.map((server) => server.id),
    )
    found.push(...chunk.filter((server) => hasAddresses(nics.get(server.id) ?? [], search.addresses)))
    if (chunk.length < chunkSize) break
    marker = await markerOf(db, chunk.at(-1)!.id, undefined)
  }
  return found.slice(0, search.limit)
}

/** Whether there is an address of each kind that contains the text; as in a regular expression, a backslash only protects. */
const hasAddresses = (nics: readonly ServerNic[], wanted: Search['addresses']): boolean =>
  Object.entries(wanted).every(([version, text]) =>
    nics.some((nic) => nic.fixedIps.some((ip) => ip.version === Number(version) && ip.address.includes(text.replaceAll(/[\\^$]/g, '')))),
  )

/** A page as it goes over the wire: the servers, separated by commas. */
interface DetailedPage {
  readonly ids: readonly string[]
  readonly text: string
}

const joined = joinedReads<DetailedPage>()

/** One page of servers in full. Who asks for the same page at the same time, and may see the same of it, shares the work. */
export function detailedPage(ctx: CloudContext, db: Db, viewer: Viewer, search: Search): Promise<DetailedPage> {
  return joined(db, `${viewerKey(viewer)} ${viewer.seesHostStatus} ${JSON.stringify(search)}`, async () => {
    const page = await pageOfServers(ctx, db, search)
    const texts = await renderPage(db, viewer, page)
    return { ids: page.map((server) => server.id), text: texts.join(',') }
  })
}

/** Servers in full as JSON texts, in the same order: at most four queries for any number, and none for rows that are known. */
async function renderPage(db: Db, viewer: Viewer, page: readonly FoundServer[]): Promise<string[]> {
  const key = viewerKey(viewer)
  const known = page.map((server) => knownFragment(key, server))
  const missing = page.filter((_, index) => known[index] === undefined).map((server) => server.id)
  const [nics, statuses, rows] = await Promise.all([
    nicsOf(
      db,
      page.map((server) => server.id),
    ),
    viewer.seesHostStatus ? hostStatuses(db, page) : undefined,
    serversByIds(db, missing),
  ])
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return page.flatMap((server, index) => {
    const row = rowOf.get(server.id)
    const fragment = known[index] ?? (row && renderFragment(viewer, key, row))
    if (fragment === undefined) return []
    return renderServer(viewer, fragment, {
      nics: nics.get(server.id) ?? [],
      ...(statuses && { hostStatus: statuses.get(server.host ?? '') ?? '' }),
    })
  })
}

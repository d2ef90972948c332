import { invalid } from '../../kernel/errors.ts'
import { nicsOf } from '../../neutron/contract.ts'
import { hostStatuses } from './host-status.ts'
import { knownFragment, renderFragment, renderServer, viewerKey } from './rendered.ts'
import { findServers, isMarker, type FoundServer } from './search-store.ts'
import { serversByIds } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { Search } from './search.ts'
import type { Viewer } from './view.ts'

/** One page of servers. Throws `invalid` for a marker that there is not. */
export async function pageOfServers(ctx: CloudContext, db: Db, search: Search): Promise<FoundServer[]> {
  if (search.marker !== undefined && !(await isMarker(db, search.marker, search.projectId)))
    throw invalid(`marker [${search.marker}] not found`)
  return Object.keys(search.addresses).length > 0 ? pageByAddress(ctx, db, search) : findServers(ctx, db, search)
}

// Addresses are neutron's: servers are searched page by page for those that have a fitting one.
async function pageByAddress(ctx: CloudContext, db: Db, search: Search): Promise<FoundServer[]> {
  const found: FoundServer[] = []
  for (let marker = search.marker; found.length < search.limit;) {
    const page = await findServers(ctx, db, { ...search, marker, limit: 1000 })
    const nics = await nicsOf(
      db,
      page.map((server) => server.id),
    )
    const fits = (id: string) =>
      Object.entries(search.addresses).every(([version, text]) =>
        nics
          .get(id)
          ?.some((nic) => nic.fixedIps.some((ip) => ip.version === Number(version) && ip.address.includes(text.replaceAll('\\', '')))),
      )
    found.push(...page.filter((server) => fits(server.id)))
    if (page.length < 1000) break
    marker = page.at(-1)!.id
  }
  return found.slice(0, search.limit)
}

/** Servers in full as JSON texts, in the same order: at most four queries for any number, and none for rows that are known. */
export async function renderPage(ctx: CloudContext, db: Db, viewer: Viewer, page: readonly FoundServer[]): Promise<string[]> {
  const key = viewerKey(viewer)
  const known = page.map((server) => knownFragment(key, server))
  const missing = page.filter((_, index) => known[index] === undefined).map((server) => server.id)
  const [nics, statuses, rows] = await Promise.all([
    nicsOf(
      db,
      page.map((server) => server.id),
    ),
    viewer.seesHostStatus ? hostStatuses(ctx, db, page) : undefined,
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

import { invalid, notFound } from '../../kernel/errors.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { usageOf } from '../../placement/contract.ts'
import { serverCounts, serversOnHosts } from '../servers/on-hosts-store.ts'
import { pageLimit } from '../pages.ts'
import { checkUuid, isUuid, numberOf } from '../uuid.ts'
import { hypervisorBy, listHypervisors } from './store.ts'
import type { Host } from '../hosts/store.ts'
import type { HypervisorListQuery } from './schema.ts'
import type { Hypervisor } from './view.ts'

const ids = { since: '2.53' }

/** A hypervisor by the id that its version uses. Throws `notFound`, or `invalid` for what is no id. */
export async function hypervisorFor(ctx: CloudContext, db: Db, id: string): Promise<Host> {
  const key = existsAt(ids, ctx.version) ? { id: checkUuid(id) } : { number: numberOf(id) ?? -1 }
  const host = await hypervisorBy(db, key)
  if (!host) throw notFound(`Hypervisor with ID '${id}' could not be found.`)
  return host
}

/** One page of hypervisors. Pages came with 2.33; a search for a name has none. Throws `invalid` for a bad marker, `notFound` for a vain search. */
export async function pageOfHypervisors(ctx: CloudContext, db: Db, query: HypervisorListQuery): Promise<{ hosts: Host[]; limit: number }> {
  const pattern = existsAt(ids, ctx.version) ? query.hypervisor_hostname_pattern : undefined
  if (pattern !== undefined && (query.limit ?? query.marker) !== undefined) {
    throw invalid('Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.')
  }
  const pages = existsAt({ since: '2.33' }, ctx.version) && pattern === undefined
  const limit = pages ? pageLimit(query.limit) : Infinity
  const after = pages && query.marker !== undefined ? await numberAt(ctx, db, query.marker) : undefined
  const hosts = await listHypervisors(db, { pattern, after, limit: Number.isFinite(limit) ? limit : 100_000 })
  if (pattern !== undefined && hosts.length === 0) throw notFound(`No hypervisor matching '${pattern}' could be found.`)
  return { hosts, limit }
}

async function numberAt(ctx: CloudContext, db: Db, marker: string): Promise<number> {
  const isId = existsAt(ids, ctx.version)
  const host = isId && !isUuid(marker) ? undefined : await hypervisorBy(db, isId ? { id: marker } : { number: numberOf(marker) ?? -1 })
  if (!host) throw invalid(`marker [${marker}] not found`)
  return host.number
}

/** Adds to hosts what is used of them, in a constant number of queries. */
export async function inFull(db: Db, hosts: readonly Host[], withServers: boolean): Promise<Hypervisor[]> {
  const names = hosts.map((host) => host.name)
  const [usages, counts, servers] = await Promise.all([
    usageOf(
      db,
      hosts.map((host) => host.id),
    ),
    serverCounts(db, names),
    withServers ? serversOnHosts(db, names) : undefined,
  ])
  return hosts.map((host) => ({
    host,
    used: usages.get(host.id) ?? {},
    guests: counts.get(host.name) ?? 0,
    servers: servers && (servers.get(host.name) ?? []),
  }))
}

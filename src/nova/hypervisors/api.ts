import { route } from '../../cloud/service.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { pageLinks, withLinks } from '../pages.ts'
import { isTrue } from '../schema-types.ts'
import { serversOnHosts } from '../servers/on-hosts-store.ts'
import { hypervisorFor, inFull, pageOfHypervisors } from './read.ts'
import { HypervisorList, HypervisorShow, type HypervisorListQuery } from './schema.ts'
import { listHypervisors } from './store.ts'
import { hypervisorRef, hypervisorView, statisticsView, uptimeText } from './view.ts'

const wantsServers = (ctx: CloudContext, query: { with_servers?: boolean | string }): boolean =>
  existsAt({ since: '2.53' }, ctx.version) && isTrue(query.with_servers ?? false)

async function list(ctx: CloudContext, db: Db, query: HypervisorListQuery, detail: boolean) {
  const { hosts, limit } = await pageOfHypervisors(ctx, db, query)
  const withServers = wantsServers(ctx, query)
  const views = detail
    ? (await inFull(db, hosts, withServers)).map((hypervisor) => hypervisorView(hypervisor, ctx.version, ctx.clock.now()))
    : await refs(ctx, db, hosts, withServers)
  const ids = hosts.map((host) => String(existsAt({ since: '2.53' }, ctx.version) ? host.id : host.number))
  return ok(withLinks({ hypervisors: views }, 'hypervisors', pageLinks(ctx, `/os-hypervisors${detail ? '/detail' : ''}`, { ids, limit })))
}

async function refs(ctx: CloudContext, db: Db, hosts: Awaited<ReturnType<typeof listHypervisors>>, withServers: boolean) {
  const servers = withServers
    ? await serversOnHosts(
        db,
        hosts.map((host) => host.name),
      )
    : undefined
  return hosts.map((host) => hypervisorRef({ host, servers: servers && (servers.get(host.name) ?? []) }, ctx.version))
}

async function search(ctx: CloudContext, db: Db, pattern: string, withServers: boolean) {
  const hosts = await listHypervisors(db, { pattern, limit: 100_000 })
  if (hosts.length === 0) throw notFound(`No hypervisor matching '${pattern}' could be found.`)
  return ok({ hypervisors: await refs(ctx, db, hosts, withServers) })
}

export const hypervisors = [
  route('GET /v2.1/os-hypervisors', {
    rule: 'os_compute_api:os-hypervisors:list',
    query: HypervisorList,
    run: (ctx, db, { query }) => list(ctx, db, query, false),
  }),
  route('GET /v2.1/os-hypervisors/detail', {
    rule: 'os_compute_api:os-hypervisors:list-detail',
    query: HypervisorList,
    run: (ctx, db, { query }) => list(ctx, db, query, true),
  }),
  route('GET /v2.1/os-hypervisors/statistics', {
    rule: 'os_compute_api:os-hypervisors:statistics',
    until: '2.87',
    run: async (_ctx, db) => ok(statisticsView(await inFull(db, await listHypervisors(db, { limit: 100_000 }), false))),
  }),
  route('GET /v2.1/os-hypervisors/:id', {
    rule: 'os_compute_api:os-hypervisors:show',
    query: HypervisorShow,
    run: async (ctx, db, { params, query }) => {
      const [hypervisor] = await inFull(db, [await hypervisorFor(ctx, db, params.id)], wantsServers(ctx, query))
      return ok({ hypervisor: hypervisorView(hypervisor!, ctx.version, ctx.clock.now()) })
    },
  }),
  route('GET /v2.1/os-hypervisors/:id/uptime', {
    rule: 'os_compute_api:os-hypervisors:uptime',
    until: '2.87',
    run: async (ctx, db, { params }) => {
      const host = await hypervisorFor(ctx, db, params.id)
      const uptime = uptimeText(host, ctx.clock.now())
      if (uptime === null) throw invalid(`Compute service of ${host.name} is unavailable at this time.`)
      return ok({ hypervisor: { ...hypervisorRef({ host }, ctx.version), uptime } })
    },
  }),
  route('GET /v2.1/os-hypervisors/:pattern/search', {
    rule: 'os_compute_api:os-hypervisors:search',
    until: '2.52',
    run: (ctx, db, { params }) => search(ctx, db, params.pattern, false),
  }),
  route('GET /v2.1/os-hypervisors/:pattern/servers', {
    rule: 'os_compute_api:os-hypervisors:servers',
    until: '2.52',
    run: (ctx, db, { params }) => search(ctx, db, params.pattern, true),
  }),
]

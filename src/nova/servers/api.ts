import { action, actions, route } from '../../cloud/service.ts'
import { accepted, noContent, ok, type Answer } from '../../kernel/http/answer.ts'
import { pageLinks } from '../pages.ts'
import { isTrue } from '../schema-types.ts'
import { consoleOutput } from './console.ts'
import { createServers } from './create.ts'
import { deleteServer } from './delete.ts'
import { serverFor } from './find.ts'
import { detailedPage, pageOfServers } from './list.ts'
import { lockServer, unlockServer } from './lock.ts'
import { planServers } from './plan.ts'
import { rebootServer, startServer, stopServer } from './power.ts'
import { searchOf } from './search.ts'
import { shownServer } from './show.ts'
import { updateServer } from './update.ts'
import { viewerOf } from './viewer.ts'
import { acceptedServer, serverItem, updatedServer } from './view.ts'
import * as schema from './schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

async function create(
  ctx: CloudContext,
  tx: Tx,
  body: { server: schema.CreateServerBody; 'os:scheduler_hints'?: schema.HintsBody; 'OS-SCH-HNT:scheduler_hints'?: schema.HintsBody },
): Promise<Answer> {
  const { server } = body
  const plan = await planServers(ctx, tx, server, body['os:scheduler_hints'] ?? body['OS-SCH-HNT:scheduler_hints'] ?? {})
  const [first] = await createServers(ctx, tx, plan)
  if (server.return_reservation_id !== undefined && isTrue(server.return_reservation_id))
    return accepted({ reservation_id: plan.template.reservation_id })
  const shown = acceptedServer(ctx.request, first!, {
    adminPass: server.adminPass ?? ctx.ids.bytes(9).toString('base64url'),
    securityGroups: server.security_groups,
  })
  return accepted({ server: shown }, { location: shown.links[0]!.href })
}

async function list(ctx: CloudContext, db: Db, query: schema.ServerListQuery): Promise<Answer> {
  const search = searchOf(ctx, query, { detail: false })
  const page = search ? await pageOfServers(ctx, db, search) : []
  const links = search ? pageLinks(ctx, '/servers', { ids: page.map((server) => server.id), limit: search.limit }) : []
  return ok({ servers: page.map((server) => serverItem(ctx.request, server)), ...(links.length > 0 && { servers_links: links }) })
}

async function detail(ctx: CloudContext, db: Db, query: schema.ServerListQuery): Promise<Answer> {
  const search = searchOf(ctx, query, { detail: true })
  const { ids, text } = search ? await detailedPage(ctx, db, viewerOf(ctx), search) : { ids: [], text: '' }
  const links = search ? pageLinks(ctx, '/servers/detail', { ids, limit: search.limit }) : []
  return { status: 200, text: `{"servers":[${text}]${links.length > 0 ? `,"servers_links":${JSON.stringify(links)}` : ''}}` }
}

/** Servers: what one can do with them. */
export const servers = [
  route('POST /v2.1/servers', {
    rule: 'os_compute_api:servers:create',
    until: '2.36',
    body: schema.CreateServerUntil236,
    run: (ctx, tx, { body }) => create(ctx, tx, body),
  }),
  route('POST /v2.1/servers', {
    rule: 'os_compute_api:servers:create',
    since: '2.37',
    body: schema.CreateServer,
    run: (ctx, tx, { body }) => create(ctx, tx, body),
  }),
  route('GET /v2.1/servers', {
    rule: 'os_compute_api:servers:index',
    until: '2.74',
    query: schema.ServerListUntil274,
    run: (ctx, db, { query }) => list(ctx, db, query),
  }),
  route('GET /v2.1/servers', {
    rule: 'os_compute_api:servers:index',
    since: '2.75',
    query: schema.ServerList,
    run: (ctx, db, { query }) => list(ctx, db, query),
  }),
  route('GET /v2.1/servers/detail', {
    rule: 'os_compute_api:servers:detail',
    until: '2.74',
    query: schema.ServerListUntil274,
    run: (ctx, db, { query }) => detail(ctx, db, query),
  }),
  route('GET /v2.1/servers/detail', {
    rule: 'os_compute_api:servers:detail',
    since: '2.75',
    query: schema.ServerList,
    run: (ctx, db, { query }) => detail(ctx, db, query),
  }),
  route('GET /v2.1/servers/:id', {
    rule: 'os_compute_api:servers:show',
    run: async (ctx, db, { params }) => ok({ server: await shownServer(ctx, db, await serverFor(ctx, db, params.id)) }),
  }),
  route('PUT /v2.1/servers/:id', {
    rule: 'os_compute_api:servers:update',
    body: schema.UpdateServer,
    run: async (ctx, tx, { params, body }) => {
      const server = await shownServer(ctx, tx, await updateServer(ctx, tx, params.id, body.server))
      return ok({ server: updatedServer(viewerOf(ctx), server) })
    },
  }),
  route('DELETE /v2.1/servers/:id', {
    rule: 'os_compute_api:servers:delete',
    run: async (ctx, tx, { params }) => {
      await deleteServer(ctx, tx, params.id)
      return noContent()
    },
  }),
  actions('POST /v2.1/servers/:id/action', {
    'os-start': action({
      rule: 'os_compute_api:servers:start',
      body: schema.StartServer,
      run: async (ctx, tx, { params }) => {
        await startServer(ctx, tx, params.id)
        return accepted()
      },
    }),
    'os-stop': action({
      rule: 'os_compute_api:servers:stop',
      body: schema.StopServer,
      run: async (ctx, tx, { params }) => {
        await stopServer(ctx, tx, params.id)
        return accepted()
      },
    }),
    reboot: action({
      rule: 'os_compute_api:servers:reboot',
      body: schema.RebootServer,
      run: async (ctx, tx, { params, body }) => {
        await rebootServer(ctx, tx, params.id, { hard: body.reboot.type.toUpperCase() === 'HARD' })
        return accepted()
      },
    }),
    lock: action({
      rule: 'os_compute_api:os-lock-server:lock',
      body: schema.LockServer,
      run: async (ctx, tx, { params, body }) => {
        await lockServer(ctx, tx, params.id, body.lock?.locked_reason ?? null)
        return accepted()
      },
    }),
    unlock: action({
      rule: 'os_compute_api:os-lock-server:unlock',
      body: schema.UnlockServer,
      run: async (ctx, tx, { params }) => {
        await unlockServer(ctx, tx, params.id)
        return accepted()
      },
    }),
    'os-getConsoleOutput': action({
      rule: 'os_compute_api:os-console-output',
      body: schema.GetConsoleOutput,
      run: async (ctx, tx, { params, body }) =>
        ok({ output: await consoleOutput(ctx, tx, params.id, body['os-getConsoleOutput'].length ?? null) }),
    }),
  }),
]

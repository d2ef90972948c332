import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { pageLimit } from '../pages.ts'
import { refusal } from '../policy-words.ts'
import { chargeQuota, releaseQuota } from '../quotas/charge.ts'
import { isTrue } from '../schema-types.ts'
import { CreateGroup, CreateHardGroup, CreateSoftGroup, GroupList } from './schema.ts'
import { deleteGroup, groupById, insertGroup, listGroups, type GroupPolicy, type ServerGroup } from './store.ts'
import { groupView } from './view.ts'

const missing = (id: string) => notFound(`Instance group ${id} could not be found.`)

/** A group of the asker's project; any for an admin. Throws `notFound` otherwise. */
async function groupFor(ctx: CloudContext, db: Db, id: string): Promise<ServerGroup> {
  const group = await groupById(db, id)
  if (!group || (group.projectId !== ctx.subject.projectId && !isAdmin(ctx.subject))) throw missing(id)
  return group
}

async function create(ctx: CloudContext, tx: Tx, { name, policy, maxPerHost }: { name: string; policy: string; maxPerHost?: number }) {
  if (maxPerHost !== undefined && policy !== 'anti-affinity') throw invalid('Only anti-affinity policy supports rules.')
  const projectId = projectOf(ctx)
  await chargeQuota(ctx, tx, projectId, { serverGroups: 1 })
  const id = ctx.ids.uuid()
  await insertGroup(ctx, tx, { id, projectId, userId: ctx.subject.userId, name, policy: policy as GroupPolicy, maxPerHost })
  return ok({ server_group: groupView((await groupById(tx, id))!, ctx.version) })
}

const creating = { rule: 'os_compute_api:os-server-groups:create' }

export const serverGroups = [
  route('GET /v2.1/os-server-groups', {
    rule: 'os_compute_api:os-server-groups:index',
    query: GroupList,
    run: async (ctx, db, { query }) => {
      const all = isTrue(query.all_projects ?? false) && isAdmin(ctx.subject)
      if (all) enforce(ctx, 'os_compute_api:os-server-groups:index:all_projects', undefined, refusal)
      const page = { limit: pageLimit(query.limit), offset: Math.min(Number(query.offset ?? 0), 1_000_000) }
      const groups = await listGroups(db, all ? undefined : projectOf(ctx), page)
      return ok({ server_groups: groups.map((group) => groupView(group, ctx.version)) })
    },
  }),
  route('POST /v2.1/os-server-groups', {
    ...creating,
    until: '2.14',
    body: CreateHardGroup,
    run: (ctx, tx, { body: { server_group: group } }) => create(ctx, tx, { name: group.name, policy: group.policies[0]! }),
  }),
  route('POST /v2.1/os-server-groups', {
    ...creating,
    since: '2.15',
    until: '2.63',
    body: CreateSoftGroup,
    run: (ctx, tx, { body: { server_group: group } }) => create(ctx, tx, { name: group.name, policy: group.policies[0]! }),
  }),
  route('POST /v2.1/os-server-groups', {
    ...creating,
    since: '2.64',
    body: CreateGroup,
    run: (ctx, tx, { body: { server_group: group } }) => {
      const most = group.rules?.max_server_per_host
      return create(ctx, tx, { name: group.name, policy: group.policy, ...(most !== undefined && { maxPerHost: Number(most) }) })
    },
  }),
  route('GET /v2.1/os-server-groups/:id', {
    rule: 'os_compute_api:os-server-groups:show',
    run: async (ctx, db, { params }) => ok({ server_group: groupView(await groupFor(ctx, db, params.id), ctx.version) }),
  }),
  route('DELETE /v2.1/os-server-groups/:id', {
    rule: 'os_compute_api:os-server-groups:delete',
    run: async (ctx, tx, { params }) => {
      const group = await groupFor(ctx, tx, params.id)
      if (!(await deleteGroup(tx, group.id))) throw missing(params.id)
      await releaseQuota(ctx, tx, group.projectId, { serverGroups: 1 })
      return noContent()
    },
  }),
]

import { noContent, ok } from '../../kernel/http/answer.ts'
import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { createOneOrMany } from '../bulk.ts'
import { flag, listAnswer, standardColumns, withFields, type ListedResource } from '../listing.ts'
import { flagOf, ownerOf } from '../values.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { SecurityGroupRow } from '../routing-tables.ts'
import { createGroup } from './create.ts'
import { defaultGroup } from './default-group.ts'
import { deleteGroup } from './delete.ts'
import { CreateGroups, UpdateGroup, type NewGroupBody } from './schema.ts'
import { defaultGroupId, type NewGroup } from './store.ts'
import { updateGroup } from './update.ts'
import { groupViews } from './views.ts'
import { noGroup, visibleGroup } from './visible.ts'

const listed: ListedResource = {
  table: 'neutron_security_groups',
  collection: 'security_groups',
  columns: { ...standardColumns, stateful: flag('stateful') },
  filters: { shared: (query, values) => (values.some((value) => flagOf(value)) ? query.where((eb: any) => eb.lit(false)) : query) },
  notFound: noGroup,
}

/** The routes of security groups. */
export const securityGroups = [
  route('GET /v2.0/security-groups', {
    rule: 'get_security_group',
    run: async (ctx, db) => {
      await ensureDefault(ctx, db)
      const visible = (query: any) =>
        isAdmin(ctx.subject) ? query : query.where('neutron_security_groups.project_id', '=', projectOf(ctx))
      return ok(await listAnswer<SecurityGroupRow>(ctx, db, listed, { visible, views: groupViews }))
    },
  }),
  route('POST /v2.0/security-groups', {
    rule: 'create_security_group',
    body: CreateGroups,
    run: (ctx, tx, { body }) =>
      createOneOrMany<NewGroupBody, object>(body, {
        one: 'security_group',
        many: 'security_groups',
        make: async (wanted) => shown(ctx, tx, await createGroup(ctx, tx, requested(ctx, wanted))),
      }),
  }),
  route('GET /v2.0/security-groups/:id', {
    rule: 'get_security_group',
    run: async (ctx, db, { params }) => ok({ security_group: withFields(ctx, await shown(ctx, db, params.id)) }),
  }),
  route('PUT /v2.0/security-groups/:id', {
    rule: 'update_security_group',
    body: UpdateGroup,
    run: async (ctx, tx, { params, body }) => {
      const { stateful, ...texts } = body.security_group
      await updateGroup(ctx, tx, params.id, { ...texts, ...(stateful !== undefined && { stateful: flagOf(stateful) }) })
      return ok({ security_group: await shown(ctx, tx, params.id) })
    },
  }),
  route('DELETE /v2.0/security-groups/:id', {
    rule: 'delete_security_group',
    run: async (ctx, tx, { params }) => {
      await deleteGroup(ctx, tx, params.id)
      return noContent()
    },
  }),
]

const shown = async (ctx: CloudContext, db: Db, id: string): Promise<object> =>
  (await groupViews(db, [await visibleGroup(ctx, db, id)]))[0]!

function requested(ctx: CloudContext, body: NewGroupBody): NewGroup {
  const projectId = ownerOf(ctx, body)
  enforceAttributes(ctx, { action: 'create_security_group', target: { project_id: projectId }, given: body, rules: {} })
  return { projectId, name: body.name ?? '', description: body.description ?? '', stateful: flagOf(body.stateful ?? true) }
}

/** Whoever looks at security groups finds a default one. */
async function ensureDefault(ctx: CloudContext, db: Db): Promise<void> {
  const projectId = projectOf(ctx)
  if (projectId === '' || (await defaultGroupId(db, projectId))) return
  await transaction(ctx, 'default security group', (tx) => defaultGroup(ctx, tx, projectId))
}

import { Type } from 'typebox'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { assertMayRule } from '../assignments/powers.ts'
import { domainFilter, domainOf } from '../domains/own.ts'
import { byName, collection, text } from '../lists.ts'
import { changed } from '../memory.ts'
import { projectRow } from '../projects/store.ts'
import { couldNotFind, found, nameTaken, unlessTaken } from '../refusals.ts'
import { expiryFilter } from '../users/expiry-filter.ts'
import { userById } from '../users/store.ts'
import { userView } from '../users/view.ts'
import { CreateGroup, GroupFields, GroupQuery, UpdateGroup } from './schema.ts'
import { addMember, deleteGroups, groupById, insertGroup, isMember, listGroups, removeMember, updateGroup, usersOfGroup } from './store.ts'
import { groupView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { GroupRow } from '../tables.ts'

async function allowedGroup(ctx: CloudContext, db: Db, rule: string, id: string): Promise<GroupRow> {
  const row = await groupById(db, id)
  enforce(ctx, rule, { domain_id: row?.domain_id })
  return found(row, 'group', id)
}

/** The group, if the rule allows it for this user too: a domain's token reaches only what is on both sides inside of it. */
async function allowedMembership(
  ctx: CloudContext,
  db: Db,
  rule: string,
  { group_id, user_id }: { group_id: string; user_id: string },
): Promise<GroupRow> {
  const [group, user] = [await groupById(db, group_id), await userById(db, user_id)]
  enforce(ctx, rule, { domain_id: group?.domain_id === user?.domain_id ? group?.domain_id : undefined })
  const row = found(group, 'group', group_id)
  found(user, 'user', user_id)
  return row
}

export const groups = [
  route('GET /v3/groups', {
    rule: 'identity:list_groups',
    query: GroupQuery,
    run: async (ctx, db, { query }) => {
      const domainId = domainFilter(ctx.subject, query.domain_id)
      const rows = await listGroups(db, { ...query, ...(domainId !== undefined && { domain_id: domainId }) })
      return ok(collection(ctx, 'groups', rows, groupView(ctx), query.limit))
    },
  }),
  route('POST /v3/groups', {
    rule: 'identity:create_group',
    body: CreateGroup,
    run: async (ctx, tx, { body: { group } }) => {
      const domainId = group.domain_id ?? domainOf(ctx.subject)
      enforce(ctx, 'identity:create_group', { domain_id: domainId })
      if (!(await projectRow(tx, domainId))?.is_domain) throw couldNotFind('domain', domainId)
      const id = ctx.ids.hex()
      const isNew = await insertGroup(ctx, tx, {
        id,
        domainId,
        name: group.name,
        description: group.description ?? '',
        extra: extraOf(group, GroupFields),
      })
      if (!isNew) throw nameTaken('group', { name: group.name, domainId })
      return created({ group: groupView(ctx)((await groupById(tx, id))!) })
    },
  }),
  route('GET /v3/groups/:group_id', {
    rule: 'identity:get_group',
    run: async (ctx, db, { params }) => ok({ group: groupView(ctx)(await allowedGroup(ctx, db, 'identity:get_group', params.group_id)) }),
  }),
  route('PATCH /v3/groups/:group_id', {
    rule: 'identity:update_group',
    body: UpdateGroup,
    run: async (ctx, tx, { params, body: { group } }) => {
      const row = await allowedGroup(ctx, tx, 'identity:update_group', params.group_id)
      if (group.domain_id !== undefined && group.domain_id !== row.domain_id) throw invalid('Cannot change Domain ID')
      const change = { ...given(group, 'name', 'description'), ...extraChange(row.extra_json, group, GroupFields) }
      await unlessTaken(
        () => updateGroup(tx, row.id, change),
        () => nameTaken('group', { name: group.name!, domainId: row.domain_id }),
      )
      return ok({ group: groupView(ctx)(found(await groupById(tx, row.id), 'group', row.id)) })
    },
  }),
  route('DELETE /v3/groups/:group_id', {
    rule: 'identity:delete_group',
    run: async (ctx, tx, { params }) => {
      const row = await allowedGroup(ctx, tx, 'identity:delete_group', params.group_id)
      await assertMayRule(ctx, tx, 'identity:delete_group', { id: row.id, type: 'group' })
      await deleteGroups(tx, [row.id])
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('GET /v3/groups/:group_id/users', {
    rule: 'identity:list_users_in_group',
    query: Type.Object({ ...byName, password_expires_at: text }),
    run: async (ctx, db, { params, query }) => {
      const row = await allowedGroup(ctx, db, 'identity:list_users_in_group', params.group_id)
      const users = await usersOfGroup(db, row.id, { ...query, expiry: expiryFilter(query.password_expires_at) })
      return ok(collection(ctx, 'users', users, userView(ctx)))
    },
  }),
  route('GET /v3/groups/:group_id/users/:user_id', {
    rule: 'identity:check_user_in_group',
    run: async (ctx, db, { params }) => {
      const row = await allowedMembership(ctx, db, 'identity:check_user_in_group', params)
      if (!(await isMember(db, { groupId: row.id, userId: params.user_id }))) throw couldNotFind('user', params.user_id)
      return noContent()
    },
  }),
  route('PUT /v3/groups/:group_id/users/:user_id', {
    rule: 'identity:add_user_to_group',
    run: async (ctx, tx, { params }) => {
      const row = await allowedMembership(ctx, tx, 'identity:add_user_to_group', params)
      await assertMayRule(ctx, tx, 'identity:add_user_to_group', { id: row.id, type: 'group' })
      await addMember(ctx, tx, { groupId: row.id, userId: params.user_id })
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('DELETE /v3/groups/:group_id/users/:user_id', {
    rule: 'identity:remove_user_from_group',
    run: async (ctx, tx, { params }) => {
      const row = await allowedMembership(ctx, tx, 'identity:remove_user_from_group', params)
      await assertMayRule(ctx, tx, 'identity:remove_user_from_group', { id: row.id, type: 'group' })
      if (!(await removeMember(tx, { groupId: row.id, userId: params.user_id }))) throw couldNotFind('user', params.user_id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]

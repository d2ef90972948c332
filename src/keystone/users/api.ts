import { Type } from 'typebox'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { assertMayRule } from '../assignments/powers.ts'
import { targetsOf } from '../assignments/store.ts'
import { assertStrong } from '../compliance/new-password.ts'
import { domainFilter, domainOf } from '../domains/own.ts'
import { groupsOfUser } from '../groups/store.ts'
import { groupView } from '../groups/view.ts'
import { byName, collection } from '../lists.ts'
import { hashPassword } from '../passwords/hash.ts'
import { listProjects, tagsOf } from '../projects/store.ts'
import { projectView } from '../projects/view.ts'
import { found } from '../refusals.ts'
import { changePassword, prepareNewPassword } from './change-password.ts'
import { expiryFilter } from './expiry-filter.ts'
import { ChangePassword, CreateUser, UpdateUser, UserQuery } from './schema.ts'
import { listUsers, userById } from './store.ts'
import { userView } from './view.ts'
import { changeUser, createUser, removeUser } from './write.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

async function hashOf(ctx: CloudContext, asked: Compliance, password: string | null | undefined): Promise<string | null | undefined> {
  assertStrong(asked, password)
  return typeof password === 'string' ? hashPassword(ctx.ids, password) : password
}

/** The user, if the rule allows it; who may not know of a user learns from neither 403 nor 404 whether there is one. */
async function allowedUser(ctx: CloudContext, db: Db, rule: string, id: string): Promise<UserRow> {
  const row = await userById(db, id)
  enforce(ctx, rule, { user_id: row?.id, domain_id: row?.domain_id })
  return found(row, 'user', id)
}

/** Users, whose passwords are as `asked`. */
export const users = (asked: Compliance) => [
  route('GET /v3/users', {
    rule: 'identity:list_users',
    query: UserQuery,
    run: async (ctx, db, { query }) => {
      const rows = await listUsers(db, {
        ...query,
        ...only(domainFilter(ctx.subject, query.domain_id)),
        expiry: expiryFilter(query.password_expires_at),
      })
      return ok(collection(ctx, 'users', rows, userView(ctx), query.limit))
    },
  }),
  route('POST /v3/users', {
    rule: 'identity:create_user',
    body: CreateUser,
    prepare: (ctx, { body }) => hashOf(ctx, asked, body.user.password),
    run: async (ctx, tx, { body, prepared }) => {
      const domainId = body.user.domain_id ?? domainOf(ctx.subject)
      enforce(ctx, 'identity:create_user', { domain_id: domainId })
      const row = await createUser(ctx, tx, asked, { user: body.user, domainId, passwordHash: prepared ?? null })
      return created({ user: userView(ctx)(row) })
    },
  }),
  route('GET /v3/users/:user_id', {
    rule: 'identity:get_user',
    run: async (ctx, db, { params }) => ok({ user: userView(ctx)(await allowedUser(ctx, db, 'identity:get_user', params.user_id)) }),
  }),
  route('PATCH /v3/users/:user_id', {
    rule: 'identity:update_user',
    body: UpdateUser,
    prepare: (ctx, { body }) => hashOf(ctx, asked, body.user.password),
    run: async (ctx, tx, { params, body, prepared }) => {
      const row = await allowedUser(ctx, tx, 'identity:update_user', params.user_id)
      await assertMayRule(ctx, tx, 'identity:update_user', { id: row.id, type: 'user' })
      return ok({ user: userView(ctx)(await changeUser(ctx, tx, asked, row, { user: body.user, passwordHash: prepared })) })
    },
  }),
  route('DELETE /v3/users/:user_id', {
    rule: 'identity:delete_user',
    run: async (ctx, tx, { params }) => {
      const row = await allowedUser(ctx, tx, 'identity:delete_user', params.user_id)
      await assertMayRule(ctx, tx, 'identity:delete_user', { id: row.id, type: 'user' })
      await removeUser(ctx, tx, row.id)
      return noContent()
    },
  }),
  // The old password is the proof of who asks, so no token is needed. keystone/api/users.py: unenforced
  route('POST /v3/users/:user_id/password', {
    rule: 'public',
    body: ChangePassword,
    prepare: (ctx, { params, body }) =>
      prepareNewPassword(ctx, asked, { userId: params.user_id, original: body.user.original_password, wanted: body.user.password }),
    run: async (ctx, tx, { prepared }) => {
      await changePassword(ctx, tx, asked, prepared)
      return noContent()
    },
  }),
  route('GET /v3/users/:user_id/groups', {
    rule: 'identity:list_groups_for_user',
    query: Type.Object(byName),
    run: async (ctx, db, { params, query }) => {
      const row = await allowedUser(ctx, db, 'identity:list_groups_for_user', params.user_id)
      return ok(collection(ctx, 'groups', await groupsOfUser(db, row.id, query), groupView(ctx)))
    },
  }),
  route('GET /v3/users/:user_id/projects', {
    rule: 'identity:list_user_projects',
    query: Type.Object({ ...byName, enabled: Type.Optional(Type.Boolean()) }),
    run: async (ctx, db, { params, query }) => {
      const row = await allowedUser(ctx, db, 'identity:list_user_projects', params.user_id)
      const rows = await listProjects(db, { ...query, is_domain: false, ids: await targetsOf(db, row.id) })
      const tags = await tagsOf(
        db,
        rows.map((project) => project.id),
      )
      return ok(collection(ctx, 'projects', rows, projectView(ctx, tags)))
    },
  }),
]

const only = (domainId: string | undefined) => (domainId === undefined ? {} : { domain_id: domainId })

import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { collection, link } from '../lists.ts'
import { changed } from '../memory.ts'
import { couldNotFind, found } from '../refusals.ts'
import { roleById } from '../roles/store.ts'
import { roleView } from '../roles/view.ts'
import { assertOwn } from './flow-api.ts'
import { accessTokenById, deleteAccessTokens, listAccessTokens } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { RoleRow } from '../tables.ts'
import type { AccessTokenRow } from './tables.ts'

interface Params {
  readonly user_id: string
  readonly access_token_id: string
}

async function theToken(db: Db, { user_id, access_token_id: id }: Params): Promise<AccessTokenRow> {
  const row = await accessTokenById(db, id)
  return found(row?.user_id === user_id ? row : undefined, 'Access Token', id)
}

const view = (ctx: RequestContext) => (row: AccessTokenRow) => {
  const { self } = link(ctx, `users/${row.user_id}/OS-OAUTH1/access_tokens`, row.id)
  return {
    id: row.id,
    consumer_id: row.consumer_id,
    project_id: row.project_id,
    authorizing_user_id: row.user_id,
    expires_at: `${row.expires_at}Z`,
    links: { roles: `${self}/roles`, self },
  }
}

async function rolesOf(db: Db, { role_ids_json }: AccessTokenRow): Promise<RoleRow[]> {
  const rows = await Promise.all(role_ids_json.map((id) => roleById(db, id)))
  return rows.filter((row) => row !== undefined)
}

const base = '/v3/users/:user_id/OS-OAUTH1/access_tokens'

async function allowed(ctx: CloudContext, db: Db, params: Params): Promise<AccessTokenRow> {
  assertOwn(ctx, 'use access tokens')
  return theToken(db, params)
}

/** What users let consumers do in their name. */
export const accessTokens = [
  route(`GET ${base}`, {
    rule: 'identity:list_access_tokens',
    run: async (ctx, db, { params: { user_id } }) => {
      assertOwn(ctx, 'list access tokens')
      return ok(collection(ctx, 'access_tokens', await listAccessTokens(db, user_id), view(ctx)))
    },
  }),
  route(`GET ${base}/:access_token_id`, {
    rule: 'identity:get_access_token',
    run: async (ctx, db, { params }) => ok({ access_token: view(ctx)(await allowed(ctx, db, params)) }),
  }),
  route(`DELETE ${base}/:access_token_id`, {
    rule: 'identity:delete_access_token',
    run: async (ctx, tx, { params }) => {
      await deleteAccessTokens(tx, 'id', [(await allowed(ctx, tx, params)).id])
      changed(ctx, tx)
      return noContent()
    },
  }),
  route(`GET ${base}/:access_token_id/roles`, {
    rule: 'identity:list_access_token_roles',
    run: async (ctx, db, { params }) => ok(collection(ctx, 'roles', await rolesOf(db, await allowed(ctx, db, params)), roleView(ctx))),
  }),
  route(`GET ${base}/:access_token_id/roles/:role_id`, {
    rule: 'identity:get_access_token_role',
    run: async (ctx, db, { params }) => {
      const role = (await rolesOf(db, await allowed(ctx, db, params))).find(({ id }) => id === params.role_id)
      if (!role) throw couldNotFind('role', params.role_id)
      return ok({ role: roleView(ctx)(role) })
    },
  }),
]

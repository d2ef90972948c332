import './tables.ts'
import { paged, type Page } from '../lists.ts'
import { momentOf } from '../moments.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { AccessTokenRow, ConsumerRow, OauthRequestRow } from './tables.ts'

export const consumerById = (db: Db, id: string): Promise<ConsumerRow | undefined> =>
  db.selectFrom('keystone_oauth_consumers').selectAll().where('id', '=', id).executeTakeFirst()

export const listConsumers = (db: Db, page: Page): Promise<ConsumerRow[]> =>
  paged(db.selectFrom('keystone_oauth_consumers').selectAll(), page).execute()

export async function insertConsumer(
  tx: Tx,
  { extra, ...row }: Omit<ConsumerRow, 'extra_json'> & { readonly extra: object },
): Promise<void> {
  await tx
    .insertInto('keystone_oauth_consumers')
    .values({ ...row, extra_json: json(extra) })
    .execute()
}

export async function updateConsumer(tx: Tx, id: string, change: { description?: string | null; extra_json?: string }): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_oauth_consumers').set(change).where('id', '=', id).execute()
}

/** Removes a consumer, what it asked for, and what it was given. */
export async function deleteConsumer(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_oauth_requests').where('consumer_id', '=', id).execute()
  await tx.deleteFrom('keystone_oauth_access_tokens').where('consumer_id', '=', id).execute()
  await tx.deleteFrom('keystone_oauth_consumers').where('id', '=', id).execute()
}

export const requestById = (db: Db, id: string): Promise<OauthRequestRow | undefined> =>
  db.selectFrom('keystone_oauth_requests').selectAll().where('id', '=', id).executeTakeFirst()

export async function insertRequest(tx: Tx, row: Omit<OauthRequestRow, 'user_id' | 'sealed_verifier' | 'role_ids_json'>): Promise<void> {
  await tx
    .insertInto('keystone_oauth_requests')
    .values({ ...row, user_id: null, sealed_verifier: null, role_ids_json: json([]) })
    .execute()
}

/** Writes down who allowed a request, and what. */
export async function allowRequest(
  tx: Tx,
  id: string,
  allowed: { userId: string; sealedVerifier: Buffer; roleIds: readonly string[] },
): Promise<void> {
  const { userId, sealedVerifier, roleIds } = allowed
  const change = { user_id: userId, sealed_verifier: sealedVerifier, role_ids_json: json(roleIds) }
  await tx.updateTable('keystone_oauth_requests').set(change).where('id', '=', id).execute()
}

/** False: somebody else fetched what came of it. */
export async function takeRequest(tx: Tx, id: string): Promise<boolean> {
  return Number((await tx.deleteFrom('keystone_oauth_requests').where('id', '=', id).executeTakeFirst()).numDeletedRows) === 1
}

export const accessTokenById = (db: Db, id: string): Promise<AccessTokenRow | undefined> =>
  db.selectFrom('keystone_oauth_access_tokens').selectAll().where('id', '=', id).executeTakeFirst()

export const listAccessTokens = (db: Db, userId: string): Promise<AccessTokenRow[]> =>
  db.selectFrom('keystone_oauth_access_tokens').selectAll().where('user_id', '=', userId).orderBy('id').execute()

export async function insertAccessToken(tx: Tx, { role_ids_json, ...row }: AccessTokenRow): Promise<void> {
  await tx
    .insertInto('keystone_oauth_access_tokens')
    .values({ ...row, role_ids_json: json(role_ids_json) })
    .execute()
}

export async function deleteAccessTokens(tx: Tx, of: 'id' | 'user_id' | 'project_id', ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('keystone_oauth_access_tokens').where(of, 'in', ids).execute()
}

/** Forgets what has ended, at most `limit` of each at once. */
export async function forgetOauth(ctx: Context, limit = 1000): Promise<void> {
  // An hour more than needed: the clocks of other instances may be behind.
  const moment = momentOf(new Date(ctx.clock.now().getTime() - 3600_000))
  for (const table of ['keystone_oauth_requests', 'keystone_oauth_access_tokens'] as const) {
    const rows = await ctx.db.selectFrom(table).select('id').where('expires_at', '<', moment).limit(limit).execute()
    const ids = rows.map((row) => row.id)
    if (ids.length > 0) await transaction(ctx, 'keystone.oauth.forget', (tx) => tx.deleteFrom(table).where('id', 'in', ids).execute())
  }
}

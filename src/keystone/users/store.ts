import '../tables.ts'
import { deleteApplicationCredentials } from '../application-credentials/store.ts'
import { deleteLoginHistory } from '../compliance/store.ts'
import { deleteAccessTokens } from '../oauth/store.ts'
import { deleteTrusts } from '../trusts/store.ts'
import { equalTo, named, paged, type NameFilters, type Page } from '../lists.ts'
import { expiringWithin, type ExpiryFilter } from './expiry-filter.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { PasswordColumns } from '../compliance/new-password.ts'
import type { Context } from '../../kernel/context.ts'
import type { UserRow } from '../tables.ts'

export const userById = (db: Db, id: string): Promise<UserRow | undefined> =>
  db.selectFrom('keystone_users').selectAll().where('id', '=', id).executeTakeFirst()

export const userByName = (db: Db, { domainId, name }: { domainId: string; name: string }): Promise<UserRow | undefined> =>
  db.selectFrom('keystone_users').selectAll().where('domain_id', '=', domainId).where('name', '=', name).executeTakeFirst()

export interface UserFilters extends NameFilters, Page {
  readonly domain_id?: string
  readonly enabled?: boolean
  readonly expiry?: ExpiryFilter | undefined
}

export const listUsers = (db: Db, { domain_id, enabled, expiry, ...rest }: UserFilters): Promise<UserRow[]> =>
  paged(named(expiringWithin(equalTo(db.selectFrom('keystone_users').selectAll(), { domain_id, enabled }), expiry), rest), rest).execute()

export interface NewUser {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly enabled?: boolean
  readonly defaultProjectId?: string | null
  /** None: the user can't log in by password. */
  readonly password?: Partial<PasswordColumns> | undefined
  readonly lastActiveOn?: string
  readonly options?: object
  readonly extra?: object
}

/** False: the name is taken in its domain. */
export const insertUser = (ctx: Context, tx: Tx, user: NewUser): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_users', {
    id: user.id,
    domain_id: user.domainId,
    name: user.name,
    enabled: user.enabled ?? true,
    default_project_id: user.defaultProjectId ?? null,
    password_hash: null,
    ...user.password,
    token_epoch: 0,
    last_active_on: user.lastActiveOn ?? null,
    options_json: json(user.options ?? {}),
    extra_json: json(user.extra ?? {}),
  })

export interface UserChange extends Partial<PasswordColumns> {
  readonly name?: string
  readonly enabled?: boolean
  readonly default_project_id?: string | null
  readonly token_epoch?: number
  readonly last_active_on?: string
  readonly options_json?: string
  readonly extra_json?: string
}

/** Changes a user whose epoch and password are still what the caller saw. False: they are not. */
export async function updateUser(
  tx: Tx,
  seen: Pick<UserRow, 'id' | 'token_epoch' | 'password_hash'>,
  change: UserChange,
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true
  const result = await tx
    .updateTable('keystone_users')
    .set(change)
    .where('id', '=', seen.id)
    .where('token_epoch', '=', seen.token_epoch)
    .where('password_hash', seen.password_hash === null ? 'is' : '=', seen.password_hash)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Removes the user with its memberships and assignments. */
export async function deleteUsers(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  await tx.deleteFrom('keystone_memberships').where('user_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_assignments').where('actor_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_credentials').where('user_id', 'in', ids).execute()
  await deleteApplicationCredentials(tx, 'user', ids)
  await deleteTrusts(tx, 'trustor', ids)
  await deleteTrusts(tx, 'trustee', ids)
  await deleteAccessTokens(tx, 'user_id', ids)
  await deleteLoginHistory(tx, ids)
  await tx.deleteFrom('keystone_access_rules').where('user_id', 'in', ids).execute()
  const result = await tx.deleteFrom('keystone_users').where('id', 'in', ids).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Ids of every user of a domain. */
export async function userIdsOf(db: Db, domainId: string): Promise<string[]> {
  return (await db.selectFrom('keystone_users').select('id').where('domain_id', '=', domainId).execute()).map((row) => row.id)
}

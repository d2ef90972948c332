import '../tables.ts'
import { equalTo, named, paged, type NameFilters, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { RoleRow } from '../tables.ts'

export const roleById = (db: Db, id: string): Promise<RoleRow | undefined> =>
  db.selectFrom('keystone_roles').selectAll().where('id', '=', id).executeTakeFirst()

export const roleByName = (db: Db, { domainId, name }: { domainId: string; name: string }): Promise<RoleRow | undefined> =>
  db.selectFrom('keystone_roles').selectAll().where('domain_id', '=', domainId).where('name', '=', name).executeTakeFirst()

export interface RoleFilters extends NameFilters, Page {
  /** Roles of one domain; those of the whole cloud otherwise. */
  readonly domain_id?: string
}

export const listRoles = (db: Db, { domain_id = '', ...rest }: RoleFilters): Promise<RoleRow[]> =>
  paged(named(equalTo(db.selectFrom('keystone_roles').selectAll(), { domain_id }), rest), rest).execute()

export const allRoles = (db: Db): Promise<RoleRow[]> => db.selectFrom('keystone_roles').selectAll().orderBy('id').execute()

export interface NewRole {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly description?: string | null
  readonly options?: object
  readonly extra?: object
}

/** False: the name is taken. */
export const insertRole = (ctx: Context, tx: Tx, role: NewRole): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_roles', {
    id: role.id,
    domain_id: role.domainId,
    name: role.name,
    description: role.description ?? null,
    options_json: json(role.options ?? {}),
    extra_json: json(role.extra ?? {}),
  })

export interface RoleChange {
  readonly name?: string
  readonly description?: string | null
  readonly options_json?: string
  readonly extra_json?: string
}

export async function updateRole(tx: Tx, id: string, change: RoleChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_roles').set(change).where('id', '=', id).execute()
}

/** Removes roles with what they imply and where they were given. */
export async function deleteRoles(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('keystone_assignments').where('role_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_application_credential_roles').where('role_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_trust_roles').where('role_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_implied_roles').where('prior_role_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_implied_roles').where('implied_role_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_roles').where('id', 'in', ids).execute()
}

export async function roleIdsOf(db: Db, domainId: string): Promise<string[]> {
  return (await db.selectFrom('keystone_roles').select('id').where('domain_id', '=', domainId).execute()).map((row) => row.id)
}

/** One role that another brings with it. */
export interface Implication {
  readonly prior_role_id: string
  readonly implied_role_id: string
}

export const allImplications = (db: Db): Promise<Implication[]> =>
  db.selectFrom('keystone_implied_roles').selectAll().orderBy('prior_role_id').orderBy('implied_role_id').execute()

export const imply = (ctx: Context, tx: Tx, { prior, implied }: { prior: string; implied: string }): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_implied_roles', { prior_role_id: prior, implied_role_id: implied })

/** False: it was not implied. */
export async function unimply(tx: Tx, { prior, implied }: { prior: string; implied: string }): Promise<boolean> {
  const result = await tx
    .deleteFrom('keystone_implied_roles')
    .where('prior_role_id', '=', prior)
    .where('implied_role_id', '=', implied)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

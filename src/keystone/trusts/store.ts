import '../tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { RoleRow, TrustRow } from '../tables.ts'

const rows = (db: Db) => db.selectFrom('keystone_trusts').selectAll()

export const trustById = (db: Db, id: string): Promise<TrustRow | undefined> => rows(db).where('id', '=', id).executeTakeFirst()

export interface TrustFilters extends Page {
  readonly trustor_user_id?: string
  readonly trustee_user_id?: string
}

export const listTrusts = (db: Db, { trustor_user_id, trustee_user_id, ...page }: TrustFilters): Promise<TrustRow[]> =>
  paged(equalTo(rows(db), { trustor_user_id, trustee_user_id }), page).execute()

/** The roles that a trust hands on. */
export const rolesOfTrust = (db: Db, id: string): Promise<RoleRow[]> =>
  db
    .selectFrom('keystone_trust_roles as of')
    .innerJoin('keystone_roles as r', 'r.id', 'of.role_id')
    .selectAll('r')
    .where('of.trust_id', '=', id)
    .orderBy('r.id')
    .execute()

export type NewTrust = Omit<TrustRow, 'extra_json'> & { readonly extra: object }

export async function insertTrust(tx: Tx, { extra, ...row }: NewTrust, roleIds: readonly string[]): Promise<void> {
  await tx
    .insertInto('keystone_trusts')
    .values({ ...row, extra_json: json(extra) })
    .execute()
  await tx
    .insertInto('keystone_trust_roles')
    .values(roleIds.map((role_id) => ({ trust_id: row.id, role_id })))
    .execute()
}

/** Takes one of a trust's remaining uses, once for each request however often that is sent. False: none is left. */
export async function takeUse(ctx: Context, tx: Tx, { trustId, requestKey }: { trustId: string; requestKey: string }): Promise<boolean> {
  if (!(await ctx.dialect.insertIfAbsent(tx, 'keystone_trust_uses', { trust_id: trustId, request_key: requestKey }))) return true
  const result = await tx
    .updateTable('keystone_trusts')
    .set((eb) => ({ remaining_uses: eb('remaining_uses', '-', 1) }))
    .where('id', '=', trustId)
    .where('remaining_uses', '>', 0)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

const columns = {
  trustor: 'trustor_user_id',
  trustee: 'trustee_user_id',
  project: 'project_id',
  parent: 'redelegated_trust_id',
  trust: 'id',
} as const

/** Removes the trusts of these trustors, trustees or projects, or of these ids, and all that were made from them. */
export async function deleteTrusts(tx: Tx, of: keyof typeof columns, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const found = await tx.selectFrom('keystone_trusts').select('id').where(columns[of], 'in', ids).execute()
  const gone = found.map((row) => row.id)
  if (gone.length === 0) return
  await deleteTrusts(tx, 'parent', gone)
  await tx.deleteFrom('keystone_trust_roles').where('trust_id', 'in', gone).execute()
  await tx.deleteFrom('keystone_trust_uses').where('trust_id', 'in', gone).execute()
  await tx.deleteFrom('keystone_trusts').where('id', 'in', gone).execute()
}

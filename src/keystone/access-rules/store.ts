import '../tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { AccessRuleRow } from '../tables.ts'

/** Rules are their user's own: another's is not found. */
export const accessRuleById = (db: Db, { userId, id }: { userId: string; id: string }): Promise<AccessRuleRow | undefined> =>
  db.selectFrom('keystone_access_rules').selectAll().where('id', '=', id).where('user_id', '=', userId).executeTakeFirst()

export interface AccessRuleFilters extends Page {
  readonly user_id: string
  readonly service?: string
  readonly path?: string
  readonly method?: string
}

export const listAccessRules = (db: Db, { user_id, service, path, method, ...page }: AccessRuleFilters): Promise<AccessRuleRow[]> =>
  paged(equalTo(db.selectFrom('keystone_access_rules').selectAll(), { user_id, service, path, method }), page).execute()

/** The user's rule of these words, made unless it is there. Resolves with its id. */
export async function accessRuleLike(ctx: Context, tx: Tx, { user_id, service, path, method }: Omit<AccessRuleRow, 'id'>): Promise<string> {
  await ctx.dialect.insertIfAbsent(tx, 'keystone_access_rules', { id: ctx.ids.hex(), user_id, service, path, method })
  const [row] = await listAccessRules(tx, { user_id, service, path, method })
  return row!.id
}

/** Whether some application credential names it. */
export async function isAccessRuleUsed(db: Db, id: string): Promise<boolean> {
  const used = db.selectFrom('keystone_application_credential_access_rules').select('credential_id').where('access_rule_id', '=', id)
  return (await used.limit(1).executeTakeFirst()) !== undefined
}

export async function deleteAccessRule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_access_rules').where('id', '=', id).execute()
}

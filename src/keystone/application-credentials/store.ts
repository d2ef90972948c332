import '../tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { AccessRuleRow, ApplicationCredentialRow, RoleRow } from '../tables.ts'

const rows = (db: Db) => db.selectFrom('keystone_application_credentials').selectAll()

export const applicationCredentialById = (db: Db, id: string): Promise<ApplicationCredentialRow | undefined> =>
  rows(db).where('id', '=', id).executeTakeFirst()

export const applicationCredentialByName = (
  db: Db,
  { userId, name }: { userId: string; name: string },
): Promise<ApplicationCredentialRow | undefined> => rows(db).where('user_id', '=', userId).where('name', '=', name).executeTakeFirst()

export interface ApplicationCredentialFilters extends Page {
  readonly user_id: string
  readonly name?: string
}

export const listApplicationCredentials = (
  db: Db,
  { user_id, name, ...page }: ApplicationCredentialFilters,
): Promise<ApplicationCredentialRow[]> => paged(equalTo(rows(db), { user_id, name }), page).execute()

/** What a credential gives: its roles, and what they may be used for where there are rules for that. */
export interface Powers {
  readonly roles: readonly RoleRow[]
  /** Absent where there never were any: then everything is allowed. A rule that is named and no more allows nothing. */
  readonly accessRules?: readonly AccessRuleRow[]
}

const nothing: Powers = { roles: [] }

/** The powers of credentials, by their ids. */
export async function powersOf(db: Db, ids: readonly string[]): Promise<(id: string) => Powers> {
  if (ids.length === 0) return () => nothing
  const roles = await db
    .selectFrom('keystone_application_credential_roles as of')
    .innerJoin('keystone_roles as r', 'r.id', 'of.role_id')
    .selectAll('r')
    .select('of.credential_id')
    .where('of.credential_id', 'in', ids)
    .orderBy('r.id')
    .execute()
  const accessRules = await db
    .selectFrom('keystone_application_credential_access_rules as of')
    .leftJoin('keystone_access_rules as rule', 'rule.id', 'of.access_rule_id')
    .selectAll('rule')
    .select('of.credential_id')
    .where('of.credential_id', 'in', ids)
    .orderBy('rule.id')
    .execute()
  const rolesOf = Map.groupBy(roles, (row) => row.credential_id)
  const rulesOf = Map.groupBy(accessRules, (row) => row.credential_id)
  return (id) => {
    const rules = rulesOf.get(id)?.filter((row): row is typeof row & AccessRuleRow => row.id !== null)
    return { roles: rolesOf.get(id) ?? [], ...(rules && { accessRules: rules }) }
  }
}

/** False: the user has one of this name. */
export async function insertApplicationCredential(
  ctx: Context,
  tx: Tx,
  row: ApplicationCredentialRow,
  { roleIds, accessRuleIds }: { roleIds: readonly string[]; accessRuleIds: readonly string[] },
): Promise<boolean> {
  if (!(await ctx.dialect.insertIfAbsent(tx, 'keystone_application_credentials', { ...row }))) return false
  const roles = roleIds.map((role_id) => ({ credential_id: row.id, role_id }))
  if (roles.length > 0) await tx.insertInto('keystone_application_credential_roles').values(roles).execute()
  const rules = accessRuleIds.map((access_rule_id) => ({ credential_id: row.id, access_rule_id }))
  if (rules.length > 0) await tx.insertInto('keystone_application_credential_access_rules').values(rules).execute()
  return true
}

const where = { user: 'user_id', project: 'project_id', credential: 'id' } as const

/** Removes the credentials of users or projects, or some of these ids. */
export async function deleteApplicationCredentials(tx: Tx, of: keyof typeof where, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const gone = (await tx.selectFrom('keystone_application_credentials').select('id').where(where[of], 'in', ids).execute()).map(
    (row) => row.id,
  )
  if (gone.length === 0) return
  await tx.deleteFrom('keystone_application_credential_roles').where('credential_id', 'in', gone).execute()
  await tx.deleteFrom('keystone_application_credential_access_rules').where('credential_id', 'in', gone).execute()
  await tx.deleteFrom('keystone_application_credentials').where('id', 'in', gone).execute()
}

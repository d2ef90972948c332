import { sql } from 'kysely'
import '../tables.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** What a token's user and target are at this moment; one row for each role, or one without a role. */
export interface StandingRow {
  readonly user_name: string
  readonly user_enabled: boolean
  readonly user_domain_id: string
  readonly user_domain_name: string
  readonly user_domain_enabled: boolean
  readonly token_epoch: number
  readonly password_expires_at: string | null
  readonly target_id: string | null
  readonly target_name: string | null
  readonly target_enabled: boolean | null
  readonly target_is_domain: boolean | null
  readonly target_domain_id: string | null
  readonly target_domain_name: string | null
  readonly target_domain_enabled: boolean | null
  readonly revoked_id: string | null
  readonly role_id: string | null
  readonly role_name: string | null
}

/**
 * All that is to know of a token, in one question: who, for what, whether it was revoked, and every role that the user
 * has there: by himself or by a group, on the target or inherited from above it, and whatever those roles imply.
 */
export async function standingOf(
  db: Db,
  { userId, targetId, auditId }: { userId: string; targetId: string; auditId: string },
): Promise<StandingRow[]> {
  const { rows } = await sql<StandingRow>`
    with recursive actors (id) as (
      select id from keystone_users where id = ${userId}
      union all select group_id from keystone_memberships where user_id = ${userId}
    ), targets (id, inherited) as (
      select ${targetId}, false
      union all select ancestor_id, true from keystone_project_ancestors where project_id = ${targetId}
    ), granted (role_id) as (
      select a.role_id from actors
        join keystone_assignments a on a.actor_id = actors.id
        join targets on targets.id = a.target_id and targets.inherited = a.inherited
      union
      select i.implied_role_id from granted join keystone_implied_roles i on i.prior_role_id = granted.role_id
    )
    select u.name as user_name, u.enabled as user_enabled, u.token_epoch, u.password_expires_at,
      ud.id as user_domain_id, ud.name as user_domain_name, ud.enabled as user_domain_enabled,
      p.id as target_id, p.name as target_name, p.enabled as target_enabled, p.is_domain as target_is_domain,
      pd.id as target_domain_id, pd.name as target_domain_name, pd.enabled as target_domain_enabled,
      v.audit_id as revoked_id, r.id as role_id, r.name as role_name
    from keystone_users u
      join keystone_projects ud on ud.id = u.domain_id
      left join keystone_projects p on p.id = ${targetId}
      left join keystone_projects pd on pd.id = p.domain_id
      left join keystone_revocations v on v.audit_id = ${auditId}
      left join (granted join keystone_roles r on r.id = granted.role_id and r.domain_id = '') on 1 = 1
    where u.id = ${userId}`.execute(db)
  return rows
}

/** The roles that a user has on a target now. */
export async function rolesOn(db: Db, { userId, targetId }: { userId: string; targetId: string }): Promise<{ id: string; name: string }[]> {
  return rolesIn(await standingOf(db, { userId, targetId, auditId: '' }))
}

export const rolesIn = (rows: readonly StandingRow[]): { id: string; name: string }[] =>
  rows.filter((row) => row.role_id !== null).map((row) => ({ id: row.role_id!, name: row.role_name! }))

/** Ends a token before its time. */
export const insertRevocation = (ctx: Context, tx: Tx, { auditId, expiresAt }: { auditId: string; expiresAt: Date }): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_revocations', { audit_id: auditId, expires_at: expiresAt })

/** Forgets revocations of tokens that would have ended by now anyway, at most `limit` at once. */
export async function forgetRevocations(ctx: Context, limit = 1000): Promise<void> {
  const rows = await ctx.db
    .selectFrom('keystone_revocations')
    .select('audit_id')
    // An hour more than needed: the clocks that tokens are made by may be behind the database's.
    .where('expires_at', '<', ctx.dialect.fromNow(-3600))
    .limit(limit)
    .execute()
  if (rows.length === 0) return
  const ids = rows.map((row) => row.audit_id)
  await transaction(ctx, 'keystone.revocations.forget', (tx) =>
    tx.deleteFrom('keystone_revocations').where('audit_id', 'in', ids).execute(),
  )
}

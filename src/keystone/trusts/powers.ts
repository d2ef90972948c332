import { handedOn } from '../assignments/handed-on.ts'
import { hasPassed } from '../moments.ts'
import { rolesIn, standingOf } from '../tokens/store.ts'
import { rolesOfTrust, trustById } from './store.ts'
import type { NamedRef } from '../tokens/state.ts'
import type { Context } from '../../kernel/context.ts'

/** A trust as a token that was made with it knows it. */
export interface KnownTrust {
  readonly id: string
  readonly impersonation: boolean
  readonly trustorId: string
  readonly trusteeId: string
}

/**
 * What a token of this trust may do now; `held` are the roles that its user has in the project. Undefined when the trust is no more or is over, when
 * one of the two users may not log in any more, or when the trustor has lost one of the roles that he handed on.
 */
export async function trustedPowers(
  ctx: Context,
  { id, userId, projectId }: { id: string; userId: string; projectId: string },
  held: readonly NamedRef[],
): Promise<{ trust: KnownTrust; roles: readonly NamedRef[] } | undefined> {
  const row = await trustById(ctx.db, id)
  if (!row || row.project_id !== projectId || hasPassed(row.expires_at, ctx.clock.now())) return undefined
  const { trustor_user_id: trustorId, trustee_user_id: trusteeId, impersonation } = row
  const [actingId, otherId] = impersonation ? [trustorId, trusteeId] : [trusteeId, trustorId]
  if (userId !== actingId) return undefined
  const other = await standingOf(ctx.db, { userId: otherId, targetId: projectId, auditId: '' })
  if (!other[0]?.user_enabled || !other[0].user_domain_enabled) return undefined
  const roles = await handedOn(ctx.db, await rolesOfTrust(ctx.db, id), impersonation ? held : rolesIn(other))
  return roles && { trust: { id, impersonation, trustorId, trusteeId }, roles }
}

import './tables.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { momentOf } from '../moments.ts'
import { tokenLifeSeconds } from '../tokens/lifetime.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

/** Which tokens an event ended: all of a user, of a project, of a trust, of a consumer of OAuth, or one alone. */
export type RevokedBy = 'user_id' | 'project_id' | 'audit_id' | 'OS-TRUST:trust_id' | 'OS-OAUTH1:consumer_id'

/** Writes down that tokens were ended. */
export async function recordRevocation(ctx: Context, tx: Tx, field: RevokedBy, value: string): Promise<void> {
  const row = { id: ctx.ids.hex(), field, value, revoked_at: momentOf(ctx.clock.now()) }
  await tx.insertInto('keystone_revocation_events').values(row).execute()
}

export interface RevocationEvent {
  readonly field: string
  readonly value: string
  readonly revoked_at: string
}

/** At most so many events are told at once. */
const maxEvents = 10_000

/** What ended tokens after a moment of `moments.ts`, oldest first. */
export const revocationsSince = (db: Db, moment = ''): Promise<RevocationEvent[]> =>
  db
    .selectFrom('keystone_revocation_events')
    .select(['field', 'value', 'revoked_at'])
    .where('revoked_at', '>', moment)
    .orderBy('revoked_at')
    .orderBy('id')
    .limit(maxEvents)
    .execute()

/** Forgets events that ended only tokens which are over by now, at most `limit` at once. */
export async function forgetRevocationEvents(ctx: Context, limit = 1000): Promise<void> {
  // Half an hour more than needed, as in keystone.
  const moment = momentOf(new Date(ctx.clock.now().getTime() - (tokenLifeSeconds + 1800) * 1000))
  const old = ctx.db.selectFrom('keystone_revocation_events').select('id').where('revoked_at', '<', moment)
  const ids = (await old.limit(limit).execute()).map((row) => row.id)
  if (ids.length === 0) return
  await transaction(ctx, 'keystone.revocation-events.forget', (tx) =>
    tx.deleteFrom('keystone_revocation_events').where('id', 'in', ids).execute(),
  )
}

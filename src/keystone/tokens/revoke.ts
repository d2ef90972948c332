import { changed } from '../memory.ts'
import { recordRevocation } from '../revocations/store.ts'
import { insertRevocation } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { TokenState } from './state.ts'

/** Ends this one token before its time, on every instance. */
export async function revokeToken(ctx: Context, tx: Tx, { payload }: TokenState): Promise<void> {
  await insertRevocation(ctx, tx, { auditId: payload.auditIds[0]!, expiresAt: new Date(payload.expiresSeconds * 1000) })
  await recordRevocation(ctx, tx, 'audit_id', payload.auditIds[0]!)
  changed(ctx, tx)
}

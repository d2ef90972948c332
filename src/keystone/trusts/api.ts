import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { assertUnrestricted } from '../application-credentials/create.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { hasPassed } from '../moments.ts'
import { couldNotFind, found } from '../refusals.ts'
import { recordRevocation } from '../revocations/store.ts'
import { roleView } from '../roles/view.ts'
import { createTrust } from './create.ts'
import { CreateTrust, TrustQuery } from './schema.ts'
import { deleteTrusts, listTrusts, rolesOfTrust, trustById } from './store.ts'
import { trustView, wholeTrustView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { TrustRow } from '../tables.ts'

/** The trust, if there is one and the rule allows it; `side` says whose it is: only its trustor's, or that of both. */
async function allowed(ctx: CloudContext, db: Db, rule: string, { id, side }: { id: string; side: 'trustor' | 'both' }): Promise<TrustRow> {
  const row = found(await trustById(db, id), 'trust', id)
  const isTrustee = side === 'both' && row.trustee_user_id === ctx.subject.userId
  enforce(ctx, rule, { user_id: isTrustee ? row.trustee_user_id : row.trustor_user_id })
  return found(hasPassed(row.expires_at, ctx.clock.now()) ? undefined : row, 'trust', id)
}

export const trusts = [
  route('GET /v3/OS-TRUST/trusts', {
    rule: 'identity:list_trusts_for_trustor',
    query: TrustQuery,
    run: async (ctx, db, { query }) => {
      const { trustor_user_id: trustor, trustee_user_id: trustee } = query
      if (trustor === undefined && trustee === undefined) enforce(ctx, 'identity:list_trusts', {})
      if (trustor !== undefined) enforce(ctx, 'identity:list_trusts_for_trustor', { user_id: trustor })
      if (trustee !== undefined) enforce(ctx, 'identity:list_trusts_for_trustee', { user_id: trustee })
      const rows = await listTrusts(db, query)
      return ok(collection(ctx, 'trusts', rows, trustView(ctx), query.limit))
    },
  }),
  route('POST /v3/OS-TRUST/trusts', {
    rule: 'identity:create_trust',
    body: CreateTrust,
    run: async (ctx, tx, { body: { trust } }) => {
      enforce(ctx, 'identity:create_trust', { user_id: trust.trustor_user_id })
      assertUnrestricted(ctx)
      const id = await createTrust(ctx, tx, trust)
      return created({ trust: wholeTrustView(ctx, (await trustById(tx, id))!, await rolesOfTrust(tx, id)) })
    },
  }),
  route('GET /v3/OS-TRUST/trusts/:trust_id', {
    rule: 'identity:get_trust',
    run: async (ctx, db, { params }) => {
      const row = await allowed(ctx, db, 'identity:get_trust', { id: params.trust_id, side: 'both' })
      return ok({ trust: wholeTrustView(ctx, row, await rolesOfTrust(db, row.id)) })
    },
  }),
  route('DELETE /v3/OS-TRUST/trusts/:trust_id', {
    rule: 'identity:delete_trust',
    run: async (ctx, tx, { params }) => {
      const row = await allowed(ctx, tx, 'identity:delete_trust', { id: params.trust_id, side: 'trustor' })
      await deleteTrusts(tx, 'trust', [row.id])
      await recordRevocation(ctx, tx, 'OS-TRUST:trust_id', row.id)
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('GET /v3/OS-TRUST/trusts/:trust_id/roles', {
    rule: 'identity:list_roles_for_trust',
    run: async (ctx, db, { params }) => {
      const row = await allowed(ctx, db, 'identity:list_roles_for_trust', { id: params.trust_id, side: 'both' })
      return ok(collection(ctx, 'roles', await rolesOfTrust(db, row.id), roleView(ctx)))
    },
  }),
  route('GET /v3/OS-TRUST/trusts/:trust_id/roles/:role_id', {
    rule: 'identity:get_role_for_trust',
    run: async (ctx, db, { params }) => {
      const row = await allowed(ctx, db, 'identity:get_role_for_trust', { id: params.trust_id, side: 'both' })
      const role = (await rolesOfTrust(db, row.id)).find(({ id }) => id === params.role_id)
      if (!role) throw couldNotFind('role', params.role_id)
      return ok({ role: roleView(ctx)(role) })
    },
  }),
]

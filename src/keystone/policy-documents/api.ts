import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { json } from '../../kernel/sql/tables.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { found } from '../refusals.ts'
import { CreatePolicy, PolicyFields, PolicyQuery, UpdatePolicy } from './schema.ts'
import { deletePolicy, insertPolicy, listPolicies, policyById, updatePolicy } from './store.ts'
import { policyView } from './view.ts'

/** Policies of other services, which keystone keeps and does not read. */
export const policyDocuments = [
  route('GET /v3/policies', {
    rule: 'identity:list_policies',
    query: PolicyQuery,
    run: async (ctx, db, { query }) => ok(collection(ctx, 'policies', await listPolicies(db, query), policyView(ctx), query.limit)),
  }),
  route('POST /v3/policies', {
    rule: 'identity:create_policy',
    body: CreatePolicy,
    run: async (ctx, tx, { body: { policy } }) => {
      const id = ctx.ids.hex()
      await insertPolicy(tx, { id, type: policy.type, blob: policy.blob, extra: extraOf(policy, PolicyFields) })
      return created({ policy: policyView(ctx)((await policyById(tx, id))!) })
    },
  }),
  route('GET /v3/policies/:policy_id', {
    rule: 'identity:get_policy',
    run: async (ctx, db, { params: { policy_id } }) =>
      ok({ policy: policyView(ctx)(found(await policyById(db, policy_id), 'policy', policy_id)) }),
  }),
  route('PATCH /v3/policies/:policy_id', {
    rule: 'identity:update_policy',
    body: UpdatePolicy,
    run: async (ctx, tx, { params: { policy_id }, body: { policy } }) => {
      const row = found(await policyById(tx, policy_id), 'policy', policy_id)
      await updatePolicy(tx, row.id, {
        ...given(policy, 'type'),
        ...(policy.blob !== undefined && { blob_json: json(policy.blob) }),
        ...extraChange(row.extra_json, policy, PolicyFields),
      })
      return ok({ policy: policyView(ctx)((await policyById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/policies/:policy_id', {
    rule: 'identity:delete_policy',
    run: async (_ctx, tx, { params: { policy_id } }) => {
      await deletePolicy(tx, found(await policyById(tx, policy_id), 'policy', policy_id).id)
      return noContent()
    },
  }),
]

import '../catalog/tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { PolicyRow } from '../catalog/tables.ts'

export const policyById = (db: Db, id: string): Promise<PolicyRow | undefined> =>
  db.selectFrom('keystone_policies').selectAll().where('id', '=', id).executeTakeFirst()

export const listPolicies = (db: Db, { type, ...page }: Page & { readonly type?: string }): Promise<PolicyRow[]> =>
  paged(equalTo(db.selectFrom('keystone_policies').selectAll(), { type }), page).execute()

export async function insertPolicy(tx: Tx, policy: { id: string; type: string; blob: unknown; extra: object }): Promise<void> {
  const { id, type, blob, extra } = policy
  await tx
    .insertInto('keystone_policies')
    .values({ id, type, blob_json: json(blob), extra_json: json(extra) })
    .execute()
}

export interface PolicyChange {
  readonly type?: string
  readonly blob_json?: string
  readonly extra_json?: string
}

export async function updatePolicy(tx: Tx, id: string, change: PolicyChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_policies').set(change).where('id', '=', id).execute()
}

/** Removes a policy, and says of nothing any more that it is for it. */
export async function deletePolicy(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_policy_associations').where('policy_id', '=', id).execute()
  await tx.deleteFrom('keystone_policies').where('id', '=', id).execute()
}

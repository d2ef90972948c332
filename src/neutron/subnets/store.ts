import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'
import type { Insertable } from 'kysely'
import type { Tables } from '../../kernel/sql/tables.ts'

export type NewSubnetRow = Omit<Insertable<Tables['neutron_subnets']>, 'created_at' | 'updated_at'>

export const subnetById = (db: Db, id: string): Promise<SubnetRow | undefined> =>
  db.selectFrom('neutron_subnets').selectAll().where('id', '=', id).executeTakeFirst()

export const subnetsById = (db: Db, ids: readonly string[]): Promise<SubnetRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('neutron_subnets')
        .selectAll()
        .where('id', 'in', [...ids])
        .orderBy('id')
        .execute()

/** The subnets of a network, oldest first. */
export const subnetsOfNetwork = (db: Db, networkId: string): Promise<SubnetRow[]> =>
  db.selectFrom('neutron_subnets').selectAll().where('network_id', '=', networkId).orderBy('created_at').orderBy('id').execute()

export async function insertSubnet(ctx: Context, tx: Tx, row: NewSubnetRow): Promise<void> {
  const now = ctx.dialect.now()
  await tx
    .insertInto('neutron_subnets')
    .values({ ...row, created_at: now, updated_at: now })
    .execute()
}

/** Counts a change of the subnet, with `fields`, if its revision is still `seen`; false when it changed or is gone. */
export async function changeSubnet(ctx: Context, tx: Tx, seen: SubnetRow, fields: object = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('neutron_subnets')
    .set({ ...fields, revision_number: seen.revision_number + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', seen.id)
    .where('revision_number', '=', seen.revision_number)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function deleteSubnetRow(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('neutron_subnets').where('id', '=', id).executeTakeFirst()
  return numDeletedRows === 1n
}

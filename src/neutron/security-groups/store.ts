import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { standardRow } from '../standard-row.ts'
import '../routing-tables.ts'

export interface NewGroup {
  readonly projectId: string
  readonly name: string
  readonly description: string
  readonly stateful: boolean
  /** The project whose default group it shall be. */
  readonly defaultOf?: string
}

/** A row for a new group. Its first rules count as its first change. */
export const newGroup = (ctx: Context, group: NewGroup) => ({
  ...standardRow(ctx, { projectId: group.projectId, description: group.description, revision: 1 }),
  name: group.name,
  stateful: group.stateful,
  default_of: group.defaultOf ?? null,
})

export const insertGroup = (tx: Tx, row: ReturnType<typeof newGroup>) => tx.insertInto('neutron_security_groups').values(row).execute()

export const groups = (db: Db) => db.selectFrom('neutron_security_groups').selectAll()

export const groupById = (db: Db, id: string) => groups(db).where('id', '=', id).executeTakeFirst()

export async function defaultGroupId(db: Db, projectId: string): Promise<string | undefined> {
  return (await db.selectFrom('neutron_security_groups').select('id').where('default_of', '=', projectId).executeTakeFirst())?.id
}

/** Counts a change of the group, with `fields`; false when it is gone. Changes of one group come one after another. */
export async function changeGroup(
  ctx: Context,
  tx: Tx,
  id: string,
  fields: { name?: string; description?: string; stateful?: boolean } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('neutron_security_groups')
    .set((eb) => ({ ...fields, revision_number: eb('revision_number', '+', 1), updated_at: ctx.dialect.now() }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function guardsPorts(db: Db, groupId: string): Promise<boolean> {
  const query = db.selectFrom('neutron_port_security_groups').select('port_id').where('security_group_id', '=', groupId)
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

/** Deletes a group whose rules, and the rules that speak of it, are gone already. */
export const deleteGroupRow = (tx: Tx, id: string) => tx.deleteFrom('neutron_security_groups').where('id', '=', id).execute()

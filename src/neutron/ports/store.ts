import type { Insertable } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tables, Tx } from '../../kernel/sql/tables.ts'
import type { PortRow } from '../tables.ts'

export type NewPortRow = Omit<Insertable<Tables['neutron_ports']>, 'created_at' | 'updated_at'>

export const portById = (db: Db, id: string): Promise<PortRow | undefined> =>
  db.selectFrom('neutron_ports').selectAll().where('id', '=', id).executeTakeFirst()

export const portsById = (db: Db, ids: readonly string[]): Promise<PortRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('neutron_ports')
        .selectAll()
        .where('id', 'in', [...ids])
        .execute()

/** The ports that are plugged into these devices, oldest first. */
export const portsOfDevices = (db: Db, deviceIds: readonly string[]): Promise<PortRow[]> =>
  deviceIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('neutron_ports')
        .selectAll()
        .where('device_id', 'in', [...deviceIds])
        .orderBy('created_at')
        .orderBy('id')
        .execute()

/** Inserts the port unless its MAC address is taken on the network (or the network is gone); says whether it did. */
export async function insertPort(ctx: Context, tx: Tx, row: NewPortRow): Promise<boolean> {
  const now = ctx.dialect.now()
  return ctx.dialect.insertIfAbsent(tx, 'neutron_ports', { ...row, created_at: now, updated_at: now })
}

/** Counts a change of the port, with `fields`, if its revision is still `seen`; false when it changed or is gone. */
export async function changePort(ctx: Context, tx: Tx, seen: PortRow, fields: object = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('neutron_ports')
    .set({ ...fields, revision_number: seen.revision_number + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', seen.id)
    .where('revision_number', '=', seen.revision_number)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function macIsTaken(db: Db, networkId: string, mac: string): Promise<boolean> {
  const row = await db
    .selectFrom('neutron_ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('mac_address', '=', mac)
    .executeTakeFirst()
  return row !== undefined
}

export async function deletePortRow(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('neutron_ports').where('id', '=', id).executeTakeFirst()
  return numDeletedRows === 1n
}

/** All ports on the network. */
export const portsOnNetwork = (db: Db, networkId: string): Promise<PortRow[]> =>
  db.selectFrom('neutron_ports').selectAll().where('network_id', '=', networkId).execute()

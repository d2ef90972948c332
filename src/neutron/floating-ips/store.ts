import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { standardRow } from '../standard-row.ts'

/** Where a floating IP leads, and by which router. */
export interface Association {
  readonly portId: string
  readonly fixedAddress: string
  readonly subnetId: string
  readonly routerId: string
}

export interface NewFloatingIp {
  readonly id: string
  readonly projectId: string
  readonly description: string
  readonly networkId: string
  readonly address: string
  readonly externalPortId: string
}

const nowhere = { port_id: null, fixed_ip_address: null, subnet_id: null, router_id: null, status: 'DOWN' as const }

/** Keeps a floating IP that leads nowhere. */
export const insertFloatingIp = (ctx: Context, tx: Tx, { id, projectId, description, networkId, address, externalPortId }: NewFloatingIp) =>
  tx
    .insertInto('neutron_floating_ips')
    .values({
      ...standardRow(ctx, { projectId, description }),
      ...nowhere,
      id,
      floating_network_id: networkId,
      floating_ip_address: address,
      floating_port_id: externalPortId,
    })
    .execute()

export const floatingIps = (db: Db) => db.selectFrom('neutron_floating_ips').selectAll()

export const floatingIpById = (db: Db, id: string) => floatingIps(db).where('id', '=', id).executeTakeFirst()

const changed = (ctx: Context, tx: Tx, fields: object) =>
  tx
    .updateTable('neutron_floating_ips')
    .set((eb) => ({ ...fields, revision_number: eb('revision_number', '+', 1), updated_at: ctx.dialect.now() }))

/** Counts a change of the floating IP, with `fields`; false when it is gone. */
export async function changeFloatingIp(ctx: Context, tx: Tx, id: string, fields: { description?: string }): Promise<boolean> {
  return (await changed(ctx, tx, fields).where('id', '=', id).executeTakeFirst()).numUpdatedRows > 0n
}

/**
 * Lets the floating IP lead to a port, or nowhere. The database refuses it (`duplicate`) when the fixed address has one
 * of that network already, and (`reference`) when address, interface or gateway has gone.
 */
export const setAssociation = (tx: Tx, id: string, to: Association | undefined) =>
  tx
    .updateTable('neutron_floating_ips')
    .set(
      to
        ? { port_id: to.portId, fixed_ip_address: to.fixedAddress, subnet_id: to.subnetId, router_id: to.routerId, status: 'ACTIVE' }
        : nowhere,
    )
    .where('id', '=', id)
    .execute()

/** Lets all floating IPs of these ports lead nowhere. */
export const disassociate = (ctx: Context, tx: Tx, portIds: readonly string[]) =>
  changed(ctx, tx, nowhere)
    .where('port_id', 'in', [...portIds])
    .execute()

/** Deletes it; false when somebody else was faster. */
export async function deleteFloatingIpRow(tx: Tx, id: string): Promise<boolean> {
  return (await tx.deleteFrom('neutron_floating_ips').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
}

/** Whether a floating IP needs this interface (or, without a subnet, anything) of the router. */
export async function needsRouter(db: Db, { routerId, subnetId }: { routerId: string; subnetId?: string }): Promise<boolean> {
  let query = db.selectFrom('neutron_floating_ips').select('id').where('router_id', '=', routerId)
  if (subnetId !== undefined) query = query.where('subnet_id', '=', subnetId)
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

/** Floating IPs of a network that lead nowhere. */
export const idleFloatingIps = (db: Db, networkId: string) =>
  floatingIps(db).where('floating_network_id', '=', networkId).where('port_id', 'is', null).execute()

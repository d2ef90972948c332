import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { assertRevision } from '../revision.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import { associate } from './associate.ts'
import { badFloatingIp, noFloatingIp } from './refusals.ts'
import { changeFloatingIp, floatingIpById, setAssociation } from './store.ts'

/** The floating IP, if it is the asker's; else FloatingIPNotFound. */
export async function visibleFloatingIp(ctx: CloudContext, db: Db, id: string): Promise<FloatingIpRow> {
  const fip = await floatingIpById(db, id)
  if (!fip || !(isAdmin(ctx.subject) || fip.project_id === projectOf(ctx))) throw noFloatingIp(id)
  return fip
}

export interface FloatingIpChanges {
  readonly description?: string
  /** null: lead nowhere; left out: stay. */
  readonly portId?: string | null
  readonly fixedAddress?: string
}

/** Describes a floating IP, or lets it lead elsewhere or nowhere. */
export async function updateFloatingIp(ctx: CloudContext, tx: Tx, id: string, changes: FloatingIpChanges): Promise<void> {
  const { description, portId, fixedAddress } = changes
  assertRevision(ctx, await visibleFloatingIp(ctx, tx, id))
  if (fixedAddress !== undefined && !portId) throw badFloatingIp('fixed_ip_address cannot be specified without a port_id')
  if (!(await changeFloatingIp(ctx, tx, id, { ...(description !== undefined && { description }) }))) throw noFloatingIp(id)
  if (portId === undefined) return
  if (portId === null) return void (await setAssociation(tx, id, undefined))
  await associate(ctx, tx, await visibleFloatingIp(ctx, tx, id), { portId, ...(fixedAddress !== undefined && { fixedAddress }) })
}

import { invalid } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { disassociate } from './store.ts'
import '../routing-tables.ts'

/** A floating IP as a server's address shows it. */
export interface PortFloatingIp {
  readonly address: string
  readonly fixedAddress: string
}

/** The floating IPs that lead to each of these ports, by port; ports without one are absent. One query. */
export async function floatingIpsOfPorts(db: Db, portIds: readonly string[]): Promise<Map<string, PortFloatingIp[]>> {
  const found = new Map<string, PortFloatingIp[]>()
  if (portIds.length === 0) return found
  const rows = await db
    .selectFrom('neutron_floating_ips')
    .select(['port_id', 'floating_ip_address as address', 'fixed_ip_address as fixedAddress'])
    .where('port_id', 'in', [...portIds])
    .orderBy('id')
    .execute()
  for (const { port_id: portId, address, fixedAddress } of rows) {
    found.set(portId!, [...(found.get(portId!) ?? []), { address, fixedAddress: fixedAddress! }])
  }
  return found
}

/** Lets go of the floating IPs that lead to these ports; they stay with their projects. To be done before a port is deleted. */
export async function releaseFloatingIps(ctx: Context, tx: Tx, { portIds }: { portIds: readonly string[] }): Promise<void> {
  if (portIds.length > 0) await disassociate(ctx, tx, portIds)
}

/** Refuses to take these addresses from a port while floating IPs lead to them. */
export async function assertNoFloatingIp(db: Db, { portId, addresses }: { portId: string; addresses: readonly string[] }): Promise<void> {
  const leading = (await floatingIpsOfPorts(db, [portId])).get(portId) ?? []
  if (!leading.some(({ fixedAddress }) => addresses.includes(fixedAddress))) return
  const reason = `Cannot update the fixed_ips of the port ${portId}, because its original fixed_ip has been associated to a floating ip`
  throw invalid(`Bad port request: ${reason}.`, { type: 'BadRequest' })
}

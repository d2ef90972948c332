import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { NetworkRow, SubnetRow } from '../tables.ts'
import '../routing-tables.ts'

/** The networks that a project's servers are plugged into when nobody says which: its own and shared ones. */
export const networksToBootOn = (db: Db, projectId: string): Promise<NetworkRow[]> =>
  db
    .selectFrom('neutron_networks')
    .selectAll()
    .where('external', '=', false)
    .where((eb) => eb.or([eb('project_id', '=', projectId), eb('shared', '=', true)]))
    .where((eb) =>
      eb.exists(
        eb.selectFrom('neutron_subnets').select('neutron_subnets.id').whereRef('neutron_subnets.network_id', '=', 'neutron_networks.id'),
      ),
    )
    .orderBy('id')
    .limit(2)
    .execute()

export async function subnetsOfNetworks(db: Db, networkIds: readonly string[]): Promise<Map<string, SubnetRow[]>> {
  const byNetwork = new Map<string, SubnetRow[]>()
  if (networkIds.length === 0) return byNetwork
  const rows = await db
    .selectFrom('neutron_subnets')
    .selectAll()
    .where('network_id', 'in', [...networkIds])
    .execute()
  for (const row of rows) byNetwork.set(row.network_id, [...(byNetwork.get(row.network_id) ?? []), row])
  return byNetwork
}

export async function portsWithAddresses(db: Db, portIds: readonly string[]): Promise<Set<string>> {
  if (portIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('neutron_ip_allocations')
    .select('port_id')
    .distinct()
    .where('port_id', 'in', [...portIds])
    .execute()
  return new Set(rows.map((row) => row.port_id))
}

export const allocationOnNetwork = (db: Db, networkId: string, address: string) =>
  db.selectFrom('neutron_ip_allocations').selectAll().where('address', '=', address).where('network_id', '=', networkId).executeTakeFirst()

/** The project's security groups with one of these names or ids. */
export const groupsNamed = (db: Db, projectId: string, names: readonly string[]) =>
  db
    .selectFrom('neutron_security_groups')
    .select(['id', 'name'])
    .where('project_id', '=', projectId)
    .where((eb) => eb.or([eb('id', 'in', [...names]), eb('name', 'in', [...names])]))
    .execute()

/** Marks all ports of a server as up. */
export async function markPortsActive(ctx: Context, tx: Tx, serverId: string): Promise<void> {
  await tx
    .updateTable('neutron_ports')
    .set((eb) => ({ status: 'ACTIVE', revision_number: eb('revision_number', '+', 1), updated_at: ctx.dialect.now() }))
    .where('device_id', '=', serverId)
    .where('status', '<>', 'ACTIVE')
    .execute()
}

/** Binds all ports of a server to another host. */
export async function movePorts(ctx: Context, tx: Tx, serverId: string, host: string): Promise<void> {
  await tx
    .updateTable('neutron_ports')
    .set((eb) => ({ host_id: host, revision_number: eb('revision_number', '+', 1), updated_at: ctx.dialect.now() }))
    .where('device_id', '=', serverId)
    .where('host_id', '<>', host)
    .execute()
}

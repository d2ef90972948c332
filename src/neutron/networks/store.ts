import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { NetworkRow } from '../tables.ts'

export const networkById = (db: Db, id: string): Promise<NetworkRow | undefined> =>
  db.selectFrom('neutron_networks').selectAll().where('id', '=', id).executeTakeFirst()

export const networksById = (db: Db, ids: readonly string[]): Promise<NetworkRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('neutron_networks')
        .selectAll()
        .where('id', 'in', [...ids])
        .execute()

/** A row for a new network, but for its segment. */
export type NewNetworkRow = Omit<NetworkRow, 'created_at' | 'updated_at' | 'availability_zone_hints_json'> & {
  availability_zone_hints_json: string
}

/** Inserts the network unless its segment is taken; says whether it did. */
export async function insertNetwork(ctx: Context, tx: Tx, row: NewNetworkRow): Promise<boolean> {
  const now = ctx.dialect.now()
  return ctx.dialect.insertIfAbsent(tx, 'neutron_networks', { ...row, created_at: now, updated_at: now })
}

/** Counts a change of the network, with `fields`, if its revision is still `seen`; false when it changed or is gone. */
export async function changeNetwork(ctx: Context, tx: Tx, seen: NetworkRow, fields: object = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('neutron_networks')
    .set({ ...fields, revision_number: seen.revision_number + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', seen.id)
    .where('revision_number', '=', seen.revision_number)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The ids of the networks' subnets, by network. */
export async function subnetIdsOf(db: Db, networkIds: readonly string[]): Promise<Map<string, string[]>> {
  const byNetwork = new Map<string, string[]>()
  if (networkIds.length === 0) return byNetwork
  const rows = await db
    .selectFrom('neutron_subnets')
    .select(['id', 'network_id'])
    .where('network_id', 'in', [...networkIds])
    .orderBy('id')
    .execute()
  for (const row of rows) byNetwork.set(row.network_id, [...(byNetwork.get(row.network_id) ?? []), row.id])
  return byNetwork
}

/** The ids of some ports of the network that are there for more than the network itself. */
export async function portIdsOn(db: Db, networkId: string, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('neutron_ports').select('id').where('network_id', '=', networkId).orderBy('id').limit(limit).execute()
  return rows.map((row) => row.id)
}

export async function deleteNetworkRow(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('neutron_networks').where('id', '=', id).executeTakeFirst()
  return numDeletedRows === 1n
}

/** The projects that have ports on the network. */
export async function projectsOnNetwork(db: Db, networkId: string): Promise<string[]> {
  const rows = await db.selectFrom('neutron_ports').select('project_id').distinct().where('network_id', '=', networkId).execute()
  return rows.map((row) => row.project_id)
}

/** Whether routers have their gateway on the network. */
export async function hasGateways(db: Db, networkId: string): Promise<boolean> {
  const ports = db.selectFrom('neutron_ports').select('id').where('network_id', '=', networkId)
  return (await ports.where('device_owner', '=', 'network:router_gateway').limit(1).executeTakeFirst()) !== undefined
}

export const networkOfSegment = (db: Db, segment: string): Promise<NetworkRow | undefined> =>
  db.selectFrom('neutron_networks').selectAll().where('segment', '=', segment).executeTakeFirst()

export const networksNamed = (db: Db, projectId: string, name: string): Promise<NetworkRow[]> =>
  db.selectFrom('neutron_networks').selectAll().where('project_id', '=', projectId).where('name', '=', name).execute()

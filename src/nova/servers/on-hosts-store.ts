import type { Db } from '../../kernel/sql/tables.ts'
import './tables.ts'

/** A server as a hypervisor lists it. */
export interface ServerOnHost {
  readonly id: string
  readonly name: string
}

/** The living servers of these hosts, by host. One query for any number. */
export async function serversOnHosts(db: Db, hosts: readonly string[]): Promise<Map<string, ServerOnHost[]>> {
  if (hosts.length === 0) return new Map()
  const rows = await db
    .selectFrom('nova_servers')
    .select(['id', 'name', 'host'])
    .where('host', 'in', hosts)
    .where('deleted', '=', false)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return new Map([...Map.groupBy(rows, (row) => row.host!)].map(([host, servers]) => [host, servers.map(({ id, name }) => ({ id, name }))]))
}

/** How many living servers these hosts have; hosts without any are not in the map. One query for any number. */
export async function serverCounts(db: Db, hosts: readonly string[]): Promise<Map<string, number>> {
  if (hosts.length === 0) return new Map()
  const rows = await db
    .selectFrom('nova_servers')
    .select((eb) => ['host', eb.fn.countAll<number>().as('servers')])
    .where('host', 'in', hosts)
    .where('deleted', '=', false)
    .groupBy('host')
    .execute()
  return new Map(rows.map((row) => [row.host!, Number(row.servers)]))
}
